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
import { AgentTable, UNKNOWN_AGENT } from "./agent_table.ts";
import type { ImageBatch } from "./images/image_batch.ts";
import type { ImagePlan } from "./images/image_plan.ts";
import { writeAgentAction } from "./messages/agent_actions.ts";
import { AgentInfoReader } from "./messages/agent_info_reader.ts";
import type { BehaviorDescription } from "./messages/brain_parameters.ts";
import type { NamedPart } from "./messages/envelope.ts";
import { type Reader, readFields } from "./messages/message_reader.ts";
import type { MessageWriter } from "./messages/message_writer.ts";
import { ObservationReader } from "./messages/observation_reader.ts";
import { AgentList } from "./messages/tags.ts";
import type { ActionSource } from "./messages/trainer_message.ts";
import { ObservationError } from "./observation_error.ts";
import type { Sensor } from "./sensor.ts";

/** The row of a decision that was taken out: its episode has ended. */
const NO_ROW = -1;

/** Columns start with room for so many agents, or one with large sensors. */
const FIRST_AGENTS = 16;
const LARGE_OBSERVATIONS = 10_000;

/**
 * Takes a behavior's agent infos straight from the wire into columns, and
 * writes the answer in the order of those infos.
 */
export class BehaviorRecords implements BehaviorSteps, ActionSource {
  readonly name: string;
  readonly encodedName: Uint8Array;
  readonly spec: BehaviorSpec;
  readonly decision: MutableAgentColumns;
  readonly terminal: MutableAgentColumns;
  readonly #info: AgentInfoReader;
  readonly #observations: readonly ObservationReader[];
  readonly #images: ImageBatch;
  /** The agents of the present list by the row of their record. */
  readonly #decided = new AgentTable();
  readonly #ended = new AgentTable();
  /** The decision row that each expected action belongs to. */
  #answerRows = new Int32Array(16);
  #answerCount = 0;
  #continuous = new Float32Array();
  #discrete = new Int32Array();

  /** `images` takes what is to be decoded when a message has been read. */
  constructor(
    { name, actionSpec }: BehaviorDescription,
    sensors: readonly Sensor[],
    images: ImageBatch,
  ) {
    const observationSpecs = sensors.map(({ spec }) => spec);
    this.name = name;
    this.encodedName = new TextEncoder().encode(name);
    this.spec = { observationSpecs, actionSpec };
    const values = observationSpecs.map(observationSize)
      .reduce((sum, size) => sum + size, 0);
    const agents = values > LARGE_OBSERVATIONS ? 1 : FIRST_AGENTS;
    const options = { sharesImages: true };
    this.decision = createAgentColumns(this.spec, agents, options);
    this.terminal = createAgentColumns(this.spec, agents, options);
    this.#observations = sensors.map((sensor) => new ObservationReader(sensor));
    this.#images = images;
    this.#info = new AgentInfoReader(sensors.length, branchTotal(actionSpec));
  }

  /** Forgets the records and actions of the latest message. */
  clear(): void {
    this.decision.clear();
    this.terminal.clear();
    this.#decided.clear();
    this.#ended.clear();
    this.#answerCount = 0;
    this.#resetActions();
  }

  /**
   * Reads the behavior's list of infos, in place of what was there. Throws a
   * UserError that names the agent if one cannot be what a player sends.
   */
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
    this.#checkRewards(info.reward, info.groupReward);
    if (!done) {
      const isFirst = this.#decided.add(agentId, this.decision.count);
      if (!isFirst) throw this.#repeated("decision");
      const row = this.#addRow(this.decision, reader);
      this.#expectAnswer(row);
      if (info.maskLength > 0) this.#copyMask(row);
      return;
    }
    const earlier = this.#decided.get(agentId);
    const hasEnded = this.#ended.get(agentId) !== UNKNOWN_AGENT;
    if (earlier === NO_ROW || (hasEnded && earlier === UNKNOWN_AGENT)) {
      throw this.#repeated("end");
    }
    // An agent that ends, decides and ends again has had no second episode.
    if (!hasEnded) {
      const row = this.#addRow(this.terminal, reader);
      this.terminal.interrupted[row] = info.interrupted ? 1 : 0;
      this.#ended.add(agentId, row);
      if (earlier !== UNKNOWN_AGENT) this.#foldDecision(earlier, row);
    }
    if (earlier !== UNKNOWN_AGENT) this.#dropDecision(earlier);
  }

  /** Adds the present info's record without what only one kind has. */
  #addRow(columns: MutableAgentColumns, reader: Reader): number {
    const info = this.#info;
    const row = columns.addRow(info.agentId, info.groupId);
    columns.rewards[row] = info.reward;
    columns.groupRewards[row] = info.groupReward;
    this.#readObservations(reader, columns, row);
    return row;
  }

  #readObservations(
    reader: Reader,
    columns: MutableAgentColumns,
    row: number,
  ): void {
    const { observationCount, observationStarts } = this.#info;
    const sensors = this.#observations.length;
    if (observationCount !== sensors) {
      throw this.#changed("observations", observationCount, sensors);
    }
    const behind = reader.pos;
    for (let sensor = 0; sensor < sensors; sensor++) {
      const observation = this.#observations[sensor];
      const values = columns.observations[sensor];
      reader.pos = observationStarts[sensor];
      try {
        const plan = observation.read(reader, values, row * observation.size);
        if (plan) this.#addImage(observation, plan, columns, sensor, row);
      } catch (error) {
        throw error instanceof ObservationError
          ? this.#describe(error, sensor, this.#info.agentId)
          : error;
      }
    }
    reader.pos = behind;
  }

  #addImage(
    { pngStart, pngEnd }: ObservationReader,
    plan: ImagePlan,
    columns: MutableAgentColumns,
    sensor: number,
    row: number,
  ): void {
    const { agentId } = this.#info;
    this.#images.add({
      start: pngStart,
      end: pngEnd,
      plan,
      columns,
      sensor,
      row,
      describe: (error) => this.#describe(error, sensor, agentId),
    });
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
   * That decision still belongs to the ended episode but its action never
   * runs, so what came before it and what comes after it are one outcome.
   */
  #foldDecision(decisionRow: number, terminalRow: number): void {
    const { decision, terminal } = this;
    terminal.rewards[terminalRow] += decision.rewards[decisionRow];
    terminal.groupRewards[terminalRow] += decision.groupRewards[decisionRow];
    this.#checkRewards(
      terminal.rewards[terminalRow],
      terminal.groupRewards[terminalRow],
    );
  }

  /** Takes a decision out; the reply holds an action of zeros in its place. */
  #dropDecision(row: number): void {
    this.decision.removeRow(row);
    this.#images.removeRow(this.decision, row);
    this.#decided.removeRow(row, NO_ROW);
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

  #checkRewards(reward: number, groupReward: number): void {
    if (Number.isFinite(reward) && Number.isFinite(groupReward)) return;
    throw new UserError({
      what: `The reward of agent ${this.#info.agentId} is not a finite number`,
      path: this.name,
      found: `reward ${reward}, group reward ${groupReward}`,
      cure: "Look for a division by zero where the game rewards the agent.",
    });
  }

  /** Says whose observation it is that cannot be used. */
  #describe(
    error: ObservationError,
    sensor: number,
    agentId: number,
  ): UserError {
    const { name } = this.spec.observationSpecs[sensor];
    const label = name === "" ? sensor : `"${name}"`;
    const what = `Sensor ${label} of agent ${agentId}: ${error.problem.what}`;
    return new UserError(
      { ...error.problem, what, path: this.name },
      { cause: error },
    );
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

  #repeated(what: "decision" | "end"): UserError {
    return new UserError({
      what: `The player sent two ${what}s of one agent in one message`,
      path: this.name,
      found: `agent ${this.#info.agentId} twice`,
      allowed: "one decision and one end of an agent",
      cure: "Every agent of a player needs an id of its own.",
    });
  }
}
