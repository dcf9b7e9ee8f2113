/** `checkpoint_settings`: the run's name, its folder and where it starts. */
import { z } from "zod";
import { flag, section, text } from "./values.ts";

/** The version as a number, which an option gives as text. */
const modelVersion = z.preprocess(
  (value: number) => typeof value === "string" ? Number(value) : value,
  z.literal([2, 3], { error: "2 or 3" }),
).meta({ allowed: "2 or 3" });

/** User form and resolved form. */
export const checkpointSettings = section({
  run_id: text("a name for the run").default("ppo")
    .describe("Name of the run and of its folder."),
  initialize_from: text("the name of an earlier run").nullable().default(null)
    .describe("Run whose weights this one starts from."),
  load_model: flag().default(false)
    .describe("Accepted for old files; resume continues a run."),
  resume: flag().default(false).describe("Continue the run of this name."),
  force: flag().default(false).describe("Replace the run of this name."),
  train_model: flag().default(false)
    .describe("Accepted for old files; training is the default."),
  inference: flag().default(false).describe("Act only, learn nothing."),
  results_dir: text("the path of a folder").default("results")
    .describe("The folder of all runs."),
  model_version: modelVersion.nullable().default(null).describe(
    "Of models for Unity: 3 for package 2.0 and later, 2 for package 1.x; " +
      "null: as the player has it, else 3.",
  ),
});
