/** Writes `AgentInfoProto`: what one agent saw and got. */
import { type BehaviorSpec, branchTotal } from "../../../spec.ts";
import type { AgentColumns, DecisionSteps, TerminalSteps } from "../../env.ts";
import type { MessageWriter } from "./message_writer.ts";
import { ObservationWriter } from "./observation_writer.ts";
import { AgentInfo, AgentList } from "./tags.ts";

/** Writes infos of one behavior's agents, as lists want them. */
export class AgentInfoWriter {
  readonly #observations: readonly ObservationWriter[];
  /** 1 = this action is forbidden. */
  readonly #mask: Uint8Array;

  constructor(spec: BehaviorSpec) {
    this.#observations = spec.observationSpecs
      .map((sensor) => new ObservationWriter(sensor));
    this.#mask = new Uint8Array(branchTotal(spec.actionSpec));
  }

  /** Adds an agent that asks for a decision. */
  writeDecision(
    writer: MessageWriter,
    decision: DecisionSteps,
    row: number,
  ): void {
    const info = this.#open(writer, decision, row);
    writer.int32(AgentInfo.id, decision.agentIds[row]);
    if (decision.actionMask) {
      const start = row * this.#mask.length;
      for (let i = 0; i < this.#mask.length; i++) {
        this.#mask[i] = 1 - decision.actionMask[start + i];
      }
      writer.int32s(AgentInfo.actionMask, this.#mask);
    }
    this.#close(writer, decision, row, info);
  }

  /** Adds an agent whose episode has ended. */
  writeTerminal(
    writer: MessageWriter,
    terminal: TerminalSteps,
    row: number,
  ): void {
    const info = this.#open(writer, terminal, row);
    writer.bool(AgentInfo.done, true);
    writer.bool(AgentInfo.maxStepReached, terminal.interrupted[row] === 1);
    writer.int32(AgentInfo.id, terminal.agentIds[row]);
    this.#close(writer, terminal, row, info);
  }

  #open(writer: MessageWriter, columns: AgentColumns, row: number): number {
    const info = writer.open(AgentList.value);
    writer.float(AgentInfo.reward, columns.rewards[row]);
    return info;
  }

  #close(
    writer: MessageWriter,
    columns: AgentColumns,
    row: number,
    info: number,
  ): void {
    for (let sensor = 0; sensor < this.#observations.length; sensor++) {
      const values = columns.observations[sensor];
      this.#observations[sensor].write(writer, values, row);
    }
    writer.int32(AgentInfo.groupId, columns.groupIds[row]);
    writer.float(AgentInfo.groupReward, columns.groupRewards[row]);
    writer.close(info);
  }
}
