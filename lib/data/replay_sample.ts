import { type BehaviorSpec, branchTotal, observationSize } from "../spec.ts";

/** What a sample holds room for. */
export interface ReplaySampleOptions {
  readonly spec: BehaviorSpec;
  readonly sequences: number;
  readonly sequenceLength: number;
  readonly memorySizes: readonly number[];
}

/** Columns of sampled experience: rows by sequence, and their steps in order. */
export class ReplaySample {
  readonly rows: number;
  readonly sequences: number;
  /** Per sensor `[rows, n]`. */
  readonly observations: readonly Float32Array[];
  /** What followed each decision, per sensor `[rows, n]`. */
  readonly nextObservations: readonly Float32Array[];
  /** `[rows, n]`. */
  readonly continuous: Float32Array;
  /** `[rows, branches]`. */
  readonly discrete: Int32Array;
  /** `[rows, sum of branches]`, 1 = allowed. */
  readonly mask: Float32Array;
  readonly rewards: Float32Array;
  /** 1 where what followed is worth nothing more. */
  readonly done: Float32Array;
  /** 0 for rows without a decision, which fill a sequence up. */
  readonly rowMask: Float32Array;
  /** Per network `[sequences, n]`: its memory before the first step. */
  readonly memories: readonly Float32Array[];

  constructor(options: ReplaySampleOptions) {
    const { spec, sequences, sequenceLength, memorySizes } = options;
    const rows = sequences * sequenceLength;
    const observations = () =>
      spec.observationSpecs.map((each) =>
        new Float32Array(rows * observationSize(each))
      );
    const { continuousSize, discreteBranches } = spec.actionSpec;
    this.rows = rows;
    this.sequences = sequences;
    this.observations = observations();
    this.nextObservations = observations();
    this.continuous = new Float32Array(rows * continuousSize);
    this.discrete = new Int32Array(rows * discreteBranches.length);
    this.mask = new Float32Array(rows * branchTotal(spec.actionSpec));
    this.rewards = new Float32Array(rows);
    this.done = new Float32Array(rows);
    this.rowMask = new Float32Array(rows);
    this.memories = memorySizes.map((n) => new Float32Array(sequences * n));
  }
}
