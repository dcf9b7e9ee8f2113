/** Which of the formats of all years a configuration has. */
import { isPlainMap, type PlainMap } from "../plain_maps.ts";
import { runSettings } from "../run_settings.ts";

/**
 * - `current`: today's, or nothing that is known;
 * - `transition`: today's `behaviors` with parts of 0.17 and before;
 * - `sections`: a section for each brain beside `default` (0.3 to 0.16);
 * - `curriculum`: the curriculum of one brain (JSON up to 0.13);
 * - `curricula`: one per brain (YAML from 0.14);
 * - `samplers`: distributions of environment parameters (0.9 to 0.16).
 */
export type ConfigurationFormat =
  | "current"
  | "transition"
  | "sections"
  | "curriculum"
  | "curricula"
  | "samplers";

/** Recognises the format of a configuration's content. */
export function detectFormat(content: unknown): ConfigurationFormat {
  if (!isPlainMap(content)) return "current";
  if (Object.keys(runSettings.shape).some((key) => key in content)) {
    return hasTransitionalParts(content) ? "transition" : "current";
  }
  if (transitionalRoots.some((key) => isPlainMap(content[key]))) {
    return "transition";
  }
  if (isPlainMap(content.parameters)) return "curriculum";
  const parts = Object.values(content).filter(isPlainMap);
  if (intervalKeys.some((key) => key in content)) return "samplers";
  if (parts.some(isOldSampler)) return "samplers";
  if (parts.some((part) => isPlainMap(part.parameters))) return "curricula";
  return isPlainMap(content.default) || parts.some(isSection)
    ? "sections"
    : "current";
}

/** The spellings of a sampler file's interval. */
export const intervalKeys = [
  "resampling-interval",
  "resampling_interval",
] as const;

/** Parts of files of 0.17 that today's do not have. */
const transitionalRoots = ["curriculum", "parameter_randomization"] as const;

/** Keys of sections that no behavior has today. */
const sectionKeys = [
  "trainer",
  "batch_size",
  "buffer_size",
  "learning_rate",
  "beta",
  "epsilon",
  "gamma",
  "lambd",
  "hidden_units",
  "num_layers",
  "num_epoch",
  "normalize",
  "use_recurrent",
  "use_curiosity",
  "brain_to_imitate",
  "batches_per_epoch",
  "memory_size",
  "pretraining",
  "train_interval",
  "init_entcoef",
] as const;

/** Keys of behaviors that no section had. */
const behaviorKeys = [
  "trainer_type",
  "hyperparameters",
  "network_settings",
] as const;

/** Whether a mapping is the section of a brain. */
function isSection(part: PlainMap): boolean {
  return sectionKeys.some((key) => key in part) &&
    !behaviorKeys.some((key) => key in part);
}

function hasTransitionalParts(content: PlainMap): boolean {
  return transitionalRoots.some((key) => key in content) ||
    "output_path" in content ||
    mapsIn(content.behaviors).some((each) => "output_path" in each) ||
    mapsIn(content.environment_parameters).some(hasOldParts);
}

/** Whether an environment parameter has a form that was given up. */
export function hasOldParts(parameter: PlainMap): boolean {
  if (isOldSampler(parameter)) return true;
  const { curriculum } = parameter;
  return Array.isArray(curriculum) &&
    curriculum.some((lesson) =>
      isUnnamedLesson(lesson) ||
      isPlainMap(lesson) && isPlainMap(lesson.value) &&
        isOldSampler(lesson.value)
    );
}

/** Whether a sampler has a spelling that was given up. */
export function isOldSampler(part: PlainMap): boolean {
  return "sampler-type" in part || part.sampler_type === "multirange_uniform";
}

/**
 * `{Lesson0: {value: 1}}` instead of `{name: Lesson0, value: 1}`, as Unity's
 * converter wrote it and no version reads it.
 */
export function isUnnamedLesson(
  item: unknown,
): item is Readonly<Record<string, PlainMap>> {
  if (!isPlainMap(item) || "value" in item) return false;
  const [only, ...others] = Object.values(item);
  return others.length === 0 && isPlainMap(only) && "value" in only;
}

function mapsIn(map: unknown): PlainMap[] {
  return isPlainMap(map) ? Object.values(map).filter(isPlainMap) : [];
}
