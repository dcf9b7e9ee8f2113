/** What an environment parameter can be, besides a number. */
import type { RunConfiguration } from "../settings/run_settings.ts";

/** Any value of `environment_parameters`. */
export type ParameterConfiguration = NonNullable<
  RunConfiguration["environment_parameters"]
>[string];

type Mapping = Exclude<ParameterConfiguration, number | boolean>;

/** A distribution that the environment draws from. */
export type SamplerConfiguration = Extract<Mapping, { sampler_type: string }>;

/** A parameter that changes as the agents get better. */
export type CurriculumConfiguration = Extract<Mapping, { curriculum: unknown }>;

/** One lesson: a value, and when the next one begins. */
export type LessonConfiguration = CurriculumConfiguration["curriculum"][number];

/** A lesson that ends. */
export type EndingLesson = LessonConfiguration & {
  completion_criteria: NonNullable<LessonConfiguration["completion_criteria"]>;
};

/** What a sampler can do without. */
export interface SamplerOptions {
  /** Seed of the sampler; without one the run's seed decides. */
  readonly seed?: number;
}

/** Evenly from `low` to `high`. */
export function uniform(
  low: number,
  high: number,
  options: SamplerOptions = {},
): SamplerConfiguration {
  return {
    sampler_type: "uniform",
    sampler_parameters: { min_value: low, max_value: high, ...options },
  };
}

/** Normally distributed. */
export function gaussian(
  mean: number,
  standardDeviation: number,
  options: SamplerOptions = {},
): SamplerConfiguration {
  return {
    sampler_type: "gaussian",
    sampler_parameters: { mean, st_dev: standardDeviation, ...options },
  };
}

/** Evenly from several ranges `[low, high]`, the longer ones more often. */
export function multiRange(
  intervals: readonly (readonly [low: number, high: number])[],
  options: SamplerOptions = {},
): SamplerConfiguration {
  return {
    sampler_type: "multirangeuniform",
    sampler_parameters: {
      intervals: intervals.map(([low, high]) => [low, high]),
      ...options,
    },
  };
}

/** Lessons one after the other; all but the last must be able to end. */
export function curriculum(
  lessons: readonly [...EndingLesson[], LessonConfiguration],
): CurriculumConfiguration {
  return { curriculum: [...lessons] };
}
