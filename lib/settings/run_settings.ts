/** The whole configuration of a run: what a YAML file holds. */
import type { z } from "zod";
import type { DeepReadonly } from "../util/deep_freeze.ts";
import { behaviorSettings } from "./behavior_settings.ts";
import { checkpointSettings } from "./checkpoint_settings.ts";
import { environmentParameters } from "./environment_parameters.ts";
import { engineSettings, environmentSettings } from "./environment_settings.ts";
import { flag, named, section, text } from "./values.ts";

const torchSettings = section({
  device: text("a device such as cpu").nullable().default(null)
    .describe("Computing device; null lets the program choose."),
});

/** User form and resolved form, in the key order of `configuration.yaml`. */
export const runSettings = section({
  default_settings: behaviorSettings.nullable().default(null).describe(
    "For behaviors that are not listed, and beneath those that are.",
  ),
  behaviors: named(behaviorSettings, "behavior names to trainer settings")
    .prefault({}).describe("What each behavior trains with, by its name."),
  env_settings: environmentSettings.prefault({})
    .describe("The environments: which, how many, how patiently."),
  engine_settings: engineSettings.prefault({})
    .describe("How Unity runs and draws."),
  environment_parameters: environmentParameters.nullable().default(null)
    .transform((parameters) => parameters ?? {})
    .describe("Numbers that the environment reads: fixed, drawn, by lessons."),
  checkpoint_settings: checkpointSettings.prefault({})
    .describe("The run's name, its folder and where it starts."),
  torch_settings: torchSettings.prefault({})
    .describe("Where it is computed."),
  debug: flag().default(false).describe("Show stack traces and details."),
});

/** The sections that describe the run and not what is learned. */
const runSections = {
  env_settings: environmentSettings,
  engine_settings: engineSettings,
  checkpoint_settings: checkpointSettings,
  torch_settings: torchSettings,
};

/** The schema of one key on its own, without rules that span keys. */
export function settingSchema(path: readonly string[]): z.core.$ZodType {
  const [name, key] = path;
  const section = Object.entries(runSections).find(([each]) => each === name);
  const schema = section?.[1].shape;
  const found = Object.entries(schema ?? {}).find(([each]) => each === key);
  if (found) return found[1];
  throw new RangeError(`no setting ${path.join(".")}`);
}

/** What a user may write: every key optional, unless a feature needs it. */
export type RunConfiguration = z.input<typeof runSettings>;

/** Whether a value is a configuration without mistakes. */
export function isRunConfiguration(
  value: unknown,
): value is RunConfiguration {
  return runSettings.safeParse(value).success;
}

/** Every value filled in and frozen; nothing downstream has defaults. */
export type RunSettings = DeepReadonly<z.output<typeof runSettings>>;
