/** `checkpoint_settings`: the run's name, its folder and where it starts. */
import type { z } from "zod";
import type { DeepReadonly } from "../util/deep_freeze.ts";
import { flag, section, text } from "./values.ts";

/** User form and resolved form. */
export const checkpointSettings = section({
  run_id: text("a name for the run").default("ppo"),
  /** Run whose weights this one starts from. */
  initialize_from: text("the name of an earlier run").nullable().default(null),
  /** Accepted for old files; `resume` continues a run. */
  load_model: flag().default(false),
  /** Continue the run of this name. */
  resume: flag().default(false),
  /** Replace the run of this name. */
  force: flag().default(false),
  /** Accepted for old files; training is the default. */
  train_model: flag().default(false),
  /** Act only, learn nothing. */
  inference: flag().default(false),
  results_dir: text("the path of a folder").default("results"),
});

export type CheckpointSettings = DeepReadonly<
  z.output<typeof checkpointSettings>
>;
