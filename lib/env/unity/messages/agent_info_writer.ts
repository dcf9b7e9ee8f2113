/** Writes `AgentInfoProto`: what one agent saw and got. */
import { type BehaviorSpec, branchTotal } from "../../../spec.ts";
import type { AgentColumns, DecisionSteps, TerminalSteps } from "../../env.ts";
import type { MessageWriter } from "./message_writer.ts";
import {
  type ObservationStyle,
  ObservationWriter,
  presentObservations,
} from "./observation_writer.ts";
import { AgentInfo, AgentList } from "./tags.ts";

/** How players of one age describe their agents. */
export interface InfoStyle extends ObservationStyle {
  /** Tells groups and what they got. */
  readonly hasGroups: boolean;
}

const presentInfos: InfoStyle = { ...presentObservations, hasGroups: true };

/** What an info says beside the observations; what is left out is 0 or no. */
export interface AgentInfoFields {
  readonly id: number;
  readonly reward: number;
  /** True = the episode has ended. */
  readonly done?: boolean;
  readonly interrupted?: boolean;
  /** 1 = this action is forbidden; empty = none is. */
  readonly mask?: Uint8Array;
  readonly groupId?: number;
  readonly groupReward?: number;
}

/** Adds an agent to a list; `writeObservations` adds what it sees. */
export function writeAgentInfo(
  writer: MessageWriter,
  fields: AgentInfoFields,
  writeObservations: () => void,
): void {
  const info = writer.open(AgentList.value);
  writer.float(AgentInfo.reward, fields.reward);
  writer.bool(AgentInfo.done, fields.done ?? false);
  writer.bool(AgentInfo.maxStepReached, fields.interrupted ?? false);
  writer.int32(AgentInfo.id, fields.id);
  if (fields.mask) writer.int32s(AgentInfo.actionMask, fields.mask);
  writeObservations();
  writer.int32(AgentInfo.groupId, fields.groupId ?? 0);
  writer.float(AgentInfo.groupReward, fields.groupReward ?? 0);
  writer.close(info);
}

/** Writes the infos of one behavior's agents from columns. */
export class AgentInfoWriter {
  readonly #observations: readonly ObservationWriter[];
  /** 1 = this action is forbidden. */
  readonly #mask: Uint8Array;
  readonly #hasGroups: boolean;

  constructor(spec: BehaviorSpec, style: InfoStyle = presentInfos) {
    this.#hasGroups = style.hasGroups;
    this.#observations = spec.observationSpecs
      .map((sensor) => new ObservationWriter(sensor, style));
    this.#mask = new Uint8Array(branchTotal(spec.actionSpec));
  }

  /** Adds an agent that asks for a decision. */
  writeDecision(
    writer: MessageWriter,
    decision: DecisionSteps,
    row: number,
    id = decision.agentIds[row],
  ): void {
    let mask: Uint8Array | undefined;
    if (decision.actionMask) {
      mask = this.#mask;
      const start = row * mask.length;
      for (let i = 0; i < mask.length; i++) {
        mask[i] = 1 - decision.actionMask[start + i];
      }
    }
    this.#write(writer, decision, row, { id, mask });
  }

  /** Adds an agent whose episode has ended. */
  writeTerminal(
    writer: MessageWriter,
    terminal: TerminalSteps,
    row: number,
    id = terminal.agentIds[row],
  ): void {
    const interrupted = terminal.interrupted[row] === 1;
    this.#write(writer, terminal, row, { id, done: true, interrupted });
  }

  #write(
    writer: MessageWriter,
    columns: AgentColumns,
    row: number,
    fields: Omit<AgentInfoFields, "reward">,
  ): void {
    const { rewards, groupIds, groupRewards, observations } = columns;
    const groups = this.#hasGroups
      ? { groupId: groupIds[row], groupReward: groupRewards[row] }
      : {};
    const info = { ...fields, ...groups, reward: rewards[row] };
    writeAgentInfo(writer, info, () => {
      for (let sensor = 0; sensor < observations.length; sensor++) {
        this.#observations[sensor].write(writer, observations[sensor], row);
      }
    });
  }
}
