/** A Unity behavior on the trainer's side: its records and its actions. */
import { UserError } from "../../errors.ts";
import { type BehaviorSpec, branchTotal, observationSize } from "../../spec.ts";
import { placeAction } from "../actions.ts";
import {
  checkActions,
  createAgentColumns,
  type MutableAgentColumns,
} from "../columns.ts";
import type { ActionColumns, AgentAction, BehaviorSteps } from "../env.ts";
import { writeAgentAction } from "./messages/agent_actions.ts";
import { AgentInfoReader } from "./messages/agent_info_reader.ts";
import type { NamedPart } from "./messages/envelope.ts";
import { type Reader, readFields } from "./messages/message_reader.ts";
import type { MessageWriter } from "./messages/message_writer.ts";
import { readObservation } from "./messages/observation_reader.ts";
import { AgentList } from "./messages/tags.ts";
import type { ActionSource } from "./messages/trainer_message.ts";

/** The place in a reply of a decision that belongs to an ended episode. */
const NO_ROW = -1;

/**
 * Takes a behavior's agent infos straight from the wire into columns, and
 * writes the answer in the order of those infos.
 */
export class BehaviorRecords implements BehaviorSteps, ActionSource {
  readonly encodedName: Uint8Array;
  readonly decision: MutableAgentColumns;
  readonly terminal: MutableAgentColumns;
  readonly #info: AgentInfoReader;
  readonly #observationSizes: readonly number[];
  /** The decision row that each expected action belongs to. */
  #answerRows = new Int32Array(16);
  #answerCount = 0;
  #continuous = new Float32Array();
  #discrete = new Int32Array();

  constructor(readonly name: string, readonly spec: BehaviorSpec) {
    this.encodedName = new TextEncoder().encode(name);
    this.decision = createAgentColumns(spec, 16);
    this.terminal = createAgentColumns(spec, 16);
    this.#observationSizes = spec.observationSpecs.map(observationSize);
    this.#info = new AgentInfoReader(
      this.#observationSizes.length,
      branchTotal(spec.actionSpec),
    );
  }

  /** Forgets the records and actions of the latest message. */
  clear(): void {
    this.decision.clear();
    this.terminal.clear();
    this.#answerCount = 0;
    this.#resetActions();
  }

  /** Reads the behavior's list of infos, in place of what was there. */
  read(reader: Reader, part: NamedPart): void {
    this.clear();
    reader.pos = part.start;
    readFields(reader, part.end, (tag) => {
      if (tag !== AgentList.value) return false;
      this.#info.read(reader);
      this.#addRecord(reader);
    });
    this.#resetActions();
  }

  /** Keeps a copy of the actions for the next reply. */
  setActions(actions: ActionColumns): void {
    checkActions(
      this.name,
      this.spec.actionSpec,
      this.decision.count,
      actions,
    );
    this.#continuous.set(actions.continuous);
    this.#discrete.set(actions.discrete);
  }

  /** Keeps a copy of one agent's action for the next reply. */
  setAction(agentId: number, action: AgentAction): void {
    placeAction(
      this.name,
      this.spec.actionSpec,
      this.decision,
      agentId,
      action,
      { continuous: this.#continuous, discrete: this.#discrete },
    );
  }

  writeActions(writer: MessageWriter): void {
    for (let i = 0; i < this.#answerCount; i++) {
      // Past the last row there are zeros.
      const row = this.#answerRows[i] === NO_ROW
        ? this.decision.count
        : this.#answerRows[i];
      writeAgentAction(
        writer,
        this.spec.actionSpec,
        this.#continuous,
        this.#discrete,
        row,
      );
    }
  }

  #addRecord(reader: Reader): void {
    const info = this.#info;
    const { agentId, done } = info;
    if (!Number.isFinite(info.reward) || !Number.isFinite(info.groupReward)) {
      throw new UserError({
        what: `The reward of agent ${agentId} is not a finite number`,
        path: this.name,
        found: `reward ${info.reward}, group reward ${info.groupReward}`,
        cure: "Look for a division by zero where the game rewards the agent.",
      });
    }
    const columns = done ? this.terminal : this.decision;
    const row = columns.addRow(agentId, info.groupId);
    columns.rewards[row] = info.reward;
    columns.groupRewards[row] = info.groupReward;
    columns.interrupted[row] = done && info.interrupted ? 1 : 0;
    this.#copyObservations(reader, columns, row);
    if (done) this.#foldDecision(row);
    else {
      this.#expectAnswer(row);
      if (info.maskLength > 0) this.#copyMask(row);
    }
  }

  #copyObservations(
    reader: Reader,
    columns: MutableAgentColumns,
    row: number,
  ): void {
    const info = this.#info;
    const sensors = this.#observationSizes.length;
    if (info.observationCount !== sensors) {
      throw this.#changed("observations", info.observationCount, sensors);
    }
    const behind = reader.pos;
    for (let sensor = 0; sensor < sensors; sensor++) {
      const size = this.#observationSizes[sensor];
      const values = columns.observations[sensor];
      const start = row * size;
      reader.pos = info.observationStarts[sensor];
      const found = readObservation(reader, values, start, size);
      if (found !== size) {
        throw this.#changed(
          `values of ${this.#sensor(sensor)}`,
          found,
          size,
        );
      }
      for (let i = start; i < start + size; i++) {
        if (!Number.isFinite(values[i])) {
          throw this.#notFinite(sensor, i - start, values[i]);
        }
      }
    }
    reader.pos = behind;
  }

  #copyMask(row: number): void {
    const { mask, maskLength } = this.#info;
    if (maskLength !== mask.length) {
      throw this.#changed("action mask values", maskLength, mask.length);
    }
    const allowed = this.decision.maskActions();
    const start = row * mask.length;
    for (let i = 0; i < mask.length; i++) allowed[start + i] = 1 - mask[i];
  }

  #expectAnswer(row: number): void {
    if (this.#answerCount === this.#answerRows.length) {
      const larger = new Int32Array(2 * this.#answerCount);
      larger.set(this.#answerRows);
      this.#answerRows = larger;
    }
    this.#answerRows[this.#answerCount++] = row;
  }

  /**
   * An agent may end after it has asked for a decision in the same message.
   * Then that decision still belongs to the ended episode and its action never
   * runs: it is dropped, its rewards go into the terminal record, and the
   * reply holds an action in its place.
   */
  #foldDecision(terminalRow: number): void {
    const { decision, terminal } = this;
    const row = decision.agentIds.subarray(0, decision.count)
      .indexOf(this.#info.agentId);
    if (row < 0) return;
    terminal.rewards[terminalRow] += decision.rewards[row];
    terminal.groupRewards[terminalRow] += decision.groupRewards[row];
    removeRow(decision, row, this.#observationSizes, this.#info.mask.length);
    for (let i = 0; i < this.#answerCount; i++) {
      if (this.#answerRows[i] === row) this.#answerRows[i] = NO_ROW;
      else if (this.#answerRows[i] > row) this.#answerRows[i]--;
    }
  }

  /** All actions zero, with a row more than there are decisions. */
  #resetActions(): void {
    const { continuousSize, discreteBranches } = this.spec.actionSpec;
    const rows = this.decision.count + 1;
    const continuous = rows * continuousSize;
    const discrete = rows * discreteBranches.length;
    if (this.#continuous.length < continuous) {
      this.#continuous = new Float32Array(2 * continuous);
    }
    if (this.#discrete.length < discrete) {
      this.#discrete = new Int32Array(2 * discrete);
    }
    this.#continuous.fill(0);
    this.#discrete.fill(0);
  }

  #sensor(index: number): string {
    return `sensor "${this.spec.observationSpecs[index].name}"`;
  }

  #changed(what: string, found: number, expected: number): UserError {
    return new UserError({
      what: `The player sent another number of ${what} than before`,
      path: this.name,
      found: `${found} from agent ${this.#info.agentId}`,
      allowed: `${expected}, as in the behavior's first message`,
      cure: "Give all agents of one behavior the same sensors and actions.",
    });
  }

  #notFinite(sensor: number, index: number, value: number): UserError {
    return new UserError({
      what: `Value ${index} of ${this.#sensor(sensor)} of agent ` +
        `${this.#info.agentId} is not a finite number`,
      path: this.name,
      found: String(value),
      cure: "Look for a division by zero where the game fills the sensor.",
    });
  }
}

/** Takes a row out; the rows behind it move up. */
function removeRow(
  columns: MutableAgentColumns,
  row: number,
  observationSizes: readonly number[],
  maskSize: number,
): void {
  const { agentIds, rewards, groupIds, groupRewards, observations } = columns;
  const end = columns.count--;
  for (const values of [agentIds, rewards, groupIds, groupRewards]) {
    values.copyWithin(row, row + 1, end);
  }
  observationSizes.forEach((size, sensor) =>
    observations[sensor].copyWithin(row * size, (row + 1) * size, end * size)
  );
  columns.actionMask?.copyWithin(
    row * maskSize,
    (row + 1) * maskSize,
    end * maskSize,
  );
}
