/** `network_settings` of a behavior and of each reward signal. */
import type { z } from "zod";
import type { DeepReadonly } from "../util/deep_freeze.ts";
import { choice, count, flag, section } from "./values.ts";

const memorySettings = section({
  /** Steps that are learned from in one piece. */
  sequence_length: count({ min: 1, unit: "steps" }).default(64),
  /** Hidden and cell state together, so each gets half. */
  memory_size: count({ min: 2, unit: "values" }).superRefine(
    (size, context) => {
      if (size % 2 === 0) return;
      context.addIssue({
        code: "custom",
        message: "an even whole number of values, 2 or more",
        params: { what: "cannot be halved" },
      });
    },
  ).default(128),
});

/** User form and resolved form of a network's settings. */
export const networkSettings = section({
  /** Running mean and variance of vector observations, clipped to +-5. */
  normalize: flag().default(false),
  /** Width of the hidden layers. */
  hidden_units: count({ min: 1, max: 65536, unit: "units" }).default(128),
  num_layers: count({ min: 1, max: 128, unit: "layers" }).default(2),
  /** Encoder of images. */
  vis_encode_type: choice(
    "simple",
    "nature_cnn",
    "resnet",
    "match3",
    "fully_connected",
  ).default("simple"),
  /** A recurrent network; null has no memory, `{}` one with defaults. */
  memory: memorySettings.nullable().default(null),
  /** How goal observations condition the network. */
  goal_conditioning_type: choice("hyper", "none").default("hyper"),
  /** Acts without randomness, while collecting too. */
  deterministic: flag().default(false),
});

export type MemorySettings = DeepReadonly<z.output<typeof memorySettings>>;
export type NetworkSettings = DeepReadonly<z.output<typeof networkSettings>>;
