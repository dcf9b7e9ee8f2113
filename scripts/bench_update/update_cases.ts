/** The networks whose update phases are timed. */
import {
  type ActionSpec,
  DimensionProperty,
  type ObservationSpec,
  vectorObservation,
} from "../../lib/spec.ts";
import type { VisualEncoderName } from "../../lib/nn/visual_encoders.ts";

/** A network, and how much of it is measured at once. */
export interface UpdateCase {
  readonly name: string;
  /** What the peers call it. */
  readonly network:
    | "vector"
    | "simple"
    | "resnet"
    | "attention"
    | "lstm"
    | "poca"
    | "continuous"
    | "discrete";
  readonly observations: readonly ObservationSpec[];
  readonly encoder: VisualEncoderName;
  /** Of two layers. */
  readonly hidden: number;
  /** Others in every agent's group; null where there are no groups: PPO. */
  readonly mates: number | null;
  /** What SAC's agents do; null for the other algorithms. */
  readonly sac: ActionSpec | null;
  readonly memory: {
    readonly memory_size: number;
    readonly sequence_length: number;
  } | null;
  /** Rows that one call learns from: in one minibatch or more. */
  readonly rows: number;
}

const { none, translational, variableSize } = DimensionProperty;

const image: ObservationSpec = {
  name: "Camera",
  shape: [3, 84, 84],
  dimensionProperties: [none, translational, translational],
  observationType: "default",
};

const entities: ObservationSpec = {
  name: "Neighbors",
  shape: [20, 8],
  dimensionProperties: [variableSize, none],
  observationType: "default",
};

const vector = vectorObservation(8);
const usual = {
  encoder: "simple",
  hidden: 128,
  mates: null,
  sac: null,
  memory: null,
} as const;

export const updateCases: readonly UpdateCase[] = [
  {
    ...usual,
    name: "vector 2x128",
    network: "vector",
    observations: [vector],
    rows: 24_576,
  },
  {
    ...usual,
    name: "vector 2x512",
    network: "vector",
    observations: [vector],
    hidden: 512,
    rows: 6144,
  },
  {
    ...usual,
    name: "simple",
    network: "simple",
    observations: [image],
    rows: 3072,
  },
  {
    ...usual,
    name: "resnet",
    network: "resnet",
    observations: [image],
    encoder: "resnet",
    rows: 192,
  },
  {
    ...usual,
    name: "attention",
    network: "attention",
    observations: [entities, vector],
    rows: 3072,
  },
  {
    ...usual,
    name: "LSTM 64x128",
    network: "lstm",
    observations: [vector],
    memory: { memory_size: 256, sequence_length: 64 },
    rows: 6144,
  },
  // Our critic learns from groups at a time, the peers' from single rows with
  // their mates, as the reference trainer's does: the same loss of the same rows.
  {
    ...usual,
    name: "POCA 2x256, groups of 3",
    network: "poca",
    observations: [vector],
    hidden: 256,
    mates: 2,
    rows: 3072,
  },
  {
    ...usual,
    name: "SAC 2x128, continuous",
    network: "continuous",
    observations: [vector],
    sac: { continuousSize: 2, discreteBranches: [] },
    rows: 6144,
  },
  {
    ...usual,
    name: "SAC 2x128, discrete",
    network: "discrete",
    observations: [vector],
    sac: { continuousSize: 0, discreteBranches: [3, 3] },
    rows: 6144,
  },
];

/** Rows of a minibatch. */
export const batchSizes = [64, 256, 1024] as const;

/** What a call consists of. */
export interface UpdateSize {
  readonly batch: number;
  /** Rows of experience, and how often they are learned from. */
  readonly decisions: number;
  readonly epochs: number;
  readonly minibatches: number;
}

/** Minibatches of so many rows, up to three epochs of them as settings have. */
export function sizeOf({ rows }: UpdateCase, batch: number): UpdateSize {
  const epochs = Math.min(Math.max(Math.floor(rows / batch), 1), 3);
  const each = Math.max(Math.floor(rows / epochs / batch), 1);
  return {
    batch,
    decisions: each * batch,
    epochs,
    minibatches: each * epochs,
  };
}
