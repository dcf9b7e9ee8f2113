/** The whole configuration of a run: what a YAML file holds. */
import type { z } from "zod";
import type { DeepReadonly } from "../util/deep_freeze.ts";
import { behaviorSettings } from "./behavior_settings.ts";
import { checkpointSettings } from "./checkpoint_settings.ts";
import { environmentParameters } from "./environment_parameters.ts";
import { engineSettings, environmentSettings } from "./environment_settings.ts";
import { flag, named, section, text } from "./values.ts";

const torchSettings = section({
  /** Computing device; null lets the program choose. */
  device: text("a device such as cpu").nullable().default(null),
});

/** User form and resolved form, in the key order of `configuration.yaml`. */
export const runSettings = section({
  /** For behaviors that are not listed, and beneath those that are. */
  default_settings: behaviorSettings.nullable().default(null),
  behaviors: named(behaviorSettings, "behavior names to trainer settings")
    .prefault({}),
  env_settings: environmentSettings.prefault({}),
  engine_settings: engineSettings.prefault({}),
  environment_parameters: environmentParameters.nullable().default(null)
    .transform((parameters) => parameters ?? {}),
  checkpoint_settings: checkpointSettings.prefault({}),
  torch_settings: torchSettings.prefault({}),
  debug: flag().default(false),
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

/** Every value filled in and frozen; nothing downstream has defaults. */
export type RunSettings = DeepReadonly<z.output<typeof runSettings>>;
