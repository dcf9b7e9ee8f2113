/**
 * What every environment needs: columns to fill with agents' records, and
 * checks of the names and actions that a caller hands in.
 */
import { nearestName, UserError } from "../errors.ts";
import {
  type ActionSpec,
  type BehaviorSpec,
  branchTotal,
  observationSize,
} from "../spec.ts";
import type { ActionColumns, DecisionSteps, TerminalSteps } from "./env.ts";

/**
 * Columns with room for `capacity` agents of one behavior, empty at first.
 * They serve decisions and terminals alike and grow when rows are added.
 * `sharesImages` puts observations of three dimensions into memory that other
 * threads may write to.
 */
export function createAgentColumns(
  spec: BehaviorSpec,
  capacity: number,
  { sharesImages = false } = {},
): MutableAgentColumns {
  return new MutableAgentColumns(spec, capacity, sharesImages);
}

/** Columns that an environment fills; made by {@link createAgentColumns}. */
class MutableAgentColumns implements DecisionSteps, TerminalSteps {
  count = 0;
  agentIds: Int32Array;
  observations: Float32Array[];
  rewards: Float32Array;
  groupIds: Int32Array;
  groupRewards: Float32Array;
  interrupted: Uint8Array;
  /** Null until {@link maskActions} is called for the present records. */
  actionMask: Uint8Array | null = null;
  #mask: Uint8Array | null = null;
  readonly #observationSizes: readonly number[];
  /** By sensor. */
  readonly #isShared: readonly boolean[];
  readonly #maskWidth: number;

  constructor(spec: BehaviorSpec, capacity: number, sharesImages: boolean) {
    this.#observationSizes = spec.observationSpecs.map(observationSize);
    this.#isShared = spec.observationSpecs
      .map(({ shape }) => sharesImages && shape.length === 3);
    this.#maskWidth = branchTotal(spec.actionSpec);
    this.agentIds = new Int32Array(capacity);
    this.observations = this.#observationSizes
      .map((_, sensor) => this.#observationArray(sensor, capacity));
    this.rewards = new Float32Array(capacity);
    this.groupIds = new Int32Array(capacity);
    this.groupRewards = new Float32Array(capacity);
    this.interrupted = new Uint8Array(capacity);
  }

  /** Forgets all rows and the action mask. */
  clear(): void {
    this.count = 0;
    this.actionMask = null;
  }

  /**
   * Adds an agent's record and returns its row: no rewards, not interrupted,
   * every action allowed. The caller writes the row's observations.
   */
  addRow(agentId: number, groupId = 0): number {
    const row = this.count;
    this.reserve(row + 1);
    this.agentIds[row] = agentId;
    this.rewards[row] = 0;
    this.groupIds[row] = groupId;
    this.groupRewards[row] = 0;
    this.interrupted[row] = 0;
    const width = this.#maskWidth;
    this.actionMask?.fill(1, row * width, (row + 1) * width);
    this.count = row + 1;
    return row;
  }

  /** Takes a record out; those behind it move up. */
  removeRow(row: number): void {
    const end = this.count--;
    const move = (values: Float32Array | Int32Array | Uint8Array, size = 1) =>
      values.copyWithin(row * size, (row + 1) * size, end * size);
    move(this.agentIds);
    move(this.rewards);
    move(this.groupIds);
    move(this.groupRewards);
    move(this.interrupted);
    this.observations.forEach((values, sensor) =>
      move(values, this.#observationSizes[sensor])
    );
    if (this.actionMask) move(this.actionMask, this.#maskWidth);
  }

  /** The mask to write 0 into where an action is not allowed. */
  maskActions(): Uint8Array {
    if (this.actionMask) return this.actionMask;
    const length = this.agentIds.length * this.#maskWidth;
    if (this.#mask?.length !== length) this.#mask = new Uint8Array(length);
    return this.actionMask = this.#mask.fill(1);
  }

  /** Makes room for `rows` records in all; the arrays may be new ones then. */
  reserve(rows: number): void {
    const capacity = this.agentIds.length;
    if (rows <= capacity) return;
    const wanted = Math.max(rows, 2 * capacity);
    this.agentIds = grown(this.agentIds, new Int32Array(wanted));
    this.observations = this.observations.map((values, sensor) =>
      grown(values, this.#observationArray(sensor, wanted))
    );
    this.rewards = grown(this.rewards, new Float32Array(wanted));
    this.groupIds = grown(this.groupIds, new Int32Array(wanted));
    this.groupRewards = grown(this.groupRewards, new Float32Array(wanted));
    this.interrupted = grown(this.interrupted, new Uint8Array(wanted));
    if (this.actionMask) {
      const mask = new Uint8Array(wanted * this.#maskWidth).fill(1);
      this.actionMask = this.#mask = grown(this.actionMask, mask);
    }
  }

  #observationArray(sensor: number, rows: number): Float32Array {
    const length = rows * this.#observationSizes[sensor];
    return this.#isShared[sensor]
      ? new Float32Array(new SharedArrayBuffer(4 * length))
      : new Float32Array(length);
  }
}

export type { MutableAgentColumns };

/** The longer array with the shorter one's values at its start. */
function grown<A extends Float32Array | Int32Array | Uint8Array>(
  values: A,
  larger: A,
): A {
  larger.set(values);
  return larger;
}

/**
 * What `behaviors` holds for a name. Throws a UserError that names the known
 * behaviors if there is none.
 */
export function findBehavior<T>(
  behaviors: ReadonlyMap<string, T>,
  name: string,
): T {
  const entry = behaviors.get(name);
  if (entry !== undefined) return entry;
  const nearest = nearestName(name, behaviors.keys());
  throw new UserError({
    what: "The environment has no such behavior",
    found: `"${name}"`,
    allowed: [...behaviors.keys()].join(", ") || "none has appeared so far",
    cure: nearest && `Did you mean "${nearest}"?`,
  });
}

/**
 * Checks the actions for `count` agents before an environment takes them:
 * lengths, finite continuous values, indices within their branches. Throws a
 * UserError that says what is wrong; it counts agents from `first` on.
 */
export function checkActions(
  behavior: string,
  spec: ActionSpec,
  count: number,
  actions: ActionColumns,
  first = 0,
): void {
  const { continuousSize, discreteBranches } = spec;
  const { continuous, discrete } = actions;
  const branches = discreteBranches.length;
  checkLength(behavior, "continuous", continuous.length, count, continuousSize);
  checkLength(behavior, "discrete", discrete.length, count, branches);
  for (let i = 0; i < continuous.length; i++) {
    if (Number.isFinite(continuous[i])) continue;
    throw new UserError({
      what: `Continuous action ${i % continuousSize} of agent ` +
        `${first + Math.floor(i / continuousSize)} is not a number`,
      path: behavior,
      found: String(continuous[i]),
      allowed: "finite values, -1 to 1 as a rule",
    });
  }
  for (let i = 0; i < discrete.length; i++) {
    const size = discreteBranches[i % branches];
    if (discrete[i] >= 0 && discrete[i] < size) continue;
    throw new UserError({
      what: `Action of branch ${i % branches} of agent ` +
        `${first + Math.floor(i / branches)} is out of range`,
      path: behavior,
      found: String(discrete[i]),
      allowed: `0 to ${size - 1}`,
    });
  }
}

function checkLength(
  behavior: string,
  kind: "continuous" | "discrete",
  found: number,
  agents: number,
  perAgent: number,
): void {
  if (found === agents * perAgent) return;
  throw new UserError({
    what: `Wrong number of ${kind} actions`,
    path: behavior,
    found: `${found} values`,
    allowed: `${agents * perAgent} values: ${perAgent} for each of the ` +
      `${agents} agents that wait for a decision`,
  });
}
