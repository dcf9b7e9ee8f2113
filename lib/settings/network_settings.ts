/** `network_settings` of a behavior and of each reward signal. */
import { choice, count, flag, section } from "./values.ts";

const memorySettings = section({
  sequence_length: count({ min: 1, unit: "steps" }).default(64)
    .describe("Steps that are learned from in one piece."),
  memory_size: count({ min: 2, unit: "values" }).superRefine(
    (size, context) => {
      if (size % 2 === 0) return;
      context.addIssue({
        code: "custom",
        message: "an even whole number of values, 2 or more",
        params: { what: "cannot be halved" },
      });
    },
  ).default(128)
    .describe("Hidden and cell state together, so each gets half."),
});

/** User form and resolved form of a network's settings. */
export const networkSettings = section({
  normalize: flag().default(false).describe(
    "Subtract the running mean of vector observations, divide by their " +
      "deviation, and clip to +-5.",
  ),
  hidden_units: count({ min: 1, max: 65536, unit: "units" }).default(128)
    .describe("Width of the hidden layers."),
  num_layers: count({ min: 1, max: 128, unit: "layers" }).default(2)
    .describe("Number of hidden layers."),
  vis_encode_type: choice(
    "simple",
    "nature_cnn",
    "resnet",
    "match3",
    "fully_connected",
  ).default("simple").describe("Encoder of images."),
  memory: memorySettings.nullable().default(null).describe(
    "A recurrent network; null has no memory, {} one with defaults.",
  ),
  goal_conditioning_type: choice("hyper", "none").default("hyper")
    .describe("How goal observations condition the network."),
  deterministic: flag().default(false)
    .describe("Act without randomness, while collecting too."),
}).meta({ id: "network" });
