/** `environment_parameters`: numbers that the environment reads, per lesson. */
import { z } from "zod";
import type { DeepReadonly } from "../util/deep_freeze.ts";
import {
  choice,
  count,
  flag,
  named,
  real,
  reject,
  section,
  text,
} from "./values.ts";

/** A number; true and false are 1 and 0, as the environment receives them. */
const constant = z.preprocess(
  (value: number | boolean) =>
    typeof value === "boolean" ? Number(value) : value,
  real(),
).meta({ type: ["number", "boolean"] });

const seed = count({ min: -1 }).default(-1)
  .describe("Seed of the sampler; -1 lets the run's seed decide.");

const samplerType = <const Name extends string>(name: Name) =>
  z.literal(name).describe("The distribution; constant is always the same.");

const parametersMeaning = "What the distribution is made of.";

const interval = z.tuple([real(), real()], {
  error: "a pair [low, high]",
}).superRefine(([low, high], context) => inOrder(context, [1], low, high));

/** A distribution that the environment draws the parameter from. */
const sampler = z.discriminatedUnion("sampler_type", [
  section({
    sampler_type: samplerType("constant"),
    sampler_parameters: section({
      seed,
      value: real().default(0).describe("The value itself."),
    }).describe(parametersMeaning),
  }),
  section({
    sampler_type: samplerType("uniform"),
    sampler_parameters: section({
      seed,
      min_value: real().default(0).describe("Least value."),
      max_value: real().default(1).describe("Largest value."),
    }).superRefine(({ min_value, max_value }, context) =>
      inOrder(context, ["max_value"], min_value, max_value)
    ).describe(parametersMeaning),
  }),
  section({
    sampler_type: samplerType("gaussian"),
    sampler_parameters: section({
      seed,
      mean: real().default(1).describe("Mean."),
      st_dev: real({ min: 0 }).default(1).describe("Standard deviation."),
    }).describe(parametersMeaning),
  }),
  section({
    sampler_type: samplerType("multirangeuniform"),
    sampler_parameters: section({
      seed,
      intervals: z.array(interval, { error: "a list of pairs [low, high]" })
        .min(1, { error: "a list of at least one pair [low, high]" })
        .default([[0, 1]])
        .describe("Ranges; a longer one is drawn from more often."),
    }).describe(parametersMeaning),
  }),
], {
  error: (issue) =>
    issue.code === "invalid_union"
      ? "constant, uniform, gaussian, multirangeuniform"
      : "a mapping with sampler_type and sampler_parameters",
}).meta({ id: "sampler" });

/** Numbers become constant samplers. */
function asSampler(
  value: number | z.output<typeof sampler>,
): z.output<typeof sampler> {
  return typeof value === "number"
    ? { sampler_type: "constant", sampler_parameters: { seed: -1, value } }
    : value;
}

const completionCriteria = section({
  behavior: text("the name of a behavior")
    .describe("The behavior whose success counts."),
  measure: choice("progress", "reward").default("reward").describe(
    "The mean reward of an episode, or the share of max_steps that is done.",
  ),
  threshold: real().default(0).describe("The lesson ends above this."),
  min_lesson_length: count({ min: 0, unit: "episodes" }).default(0)
    .describe("Episodes that must have ended."),
  signal_smoothing: flag().default(true)
    .describe("Judge a running mean of the reward."),
  require_reset: flag().default(false)
    .describe("Reset the environments when the next lesson begins."),
}).superRefine(({ measure, threshold }, context) => {
  if (measure === "reward" || (threshold >= 0 && threshold <= 1)) return;
  reject(context, {
    path: ["threshold"],
    what: "progress is a share of max_steps",
    allowed: "a number from 0 to 1",
  });
});

const lesson = section({
  value: z.union([constant, sampler], {
    error: "a number, or a mapping with sampler_type and sampler_parameters",
  }).transform(asSampler).describe("The parameter during the lesson."),
  name: text("a name for the lesson").describe("Name of the lesson."),
  completion_criteria: completionCriteria.nullable().default(null)
    .describe("When the lesson ends; the last one never does."),
});

const curriculum = z.array(lesson, { error: "a list of lessons" })
  .min(1, { error: "a list of at least one lesson" })
  .superRefine((lessons, context) =>
    lessons.slice(0, -1).forEach((each, i) => {
      if (each.completion_criteria) return;
      reject(context, {
        path: [i, "completion_criteria"],
        what: "missing, so this lesson would never end",
        allowed: "a mapping with behavior, measure, threshold",
      });
    })
  );

const lessons = section({
  curriculum: curriculum.describe("Lessons, one after the other."),
});

const parameter = z.union([lessons, constant, sampler], {
  error: "a number, a mapping with sampler_type and sampler_parameters, " +
    "or a mapping with curriculum",
});

/** User form and resolved form, in which every parameter has lessons. */
export const environmentParameters = named(
  parameter,
  "parameter names to numbers, samplers or curricula",
).transform((parameters) =>
  Object.fromEntries(
    Object.entries(parameters).map(([name, given]) => [
      name,
      typeof given === "object" && "curriculum" in given
        ? given
        : { curriculum: [onlyLesson(name, asSampler(given))] },
    ]),
  )
);

function onlyLesson(
  name: string,
  value: z.output<typeof sampler>,
): z.output<typeof lesson> {
  return { value, name, completion_criteria: null };
}

export type Sampler = DeepReadonly<z.output<typeof sampler>>;
export type Lesson = DeepReadonly<z.output<typeof lesson>>;
export type EnvironmentParameters = Readonly<
  Record<string, { readonly curriculum: readonly Lesson[] }>
>;

/** Between the seeds of a sampler in two workers: more than it has samplers. */
const workerStride = 100_003;

/**
 * Gives each sampler without a seed one of its own: the run's seed, counted up
 * in file order. All seeds, also those that were given, are shifted for each
 * further worker, so that no two environments draw alike.
 */
export function seedSamplers(
  parameters: EnvironmentParameters,
  runSeed: number,
  workerId: number,
): EnvironmentParameters {
  let next = runSeed;
  const seeded = (given: Sampler): Sampler => {
    const { sampler_parameters } = given;
    const own = sampler_parameters.seed === -1
      ? next++
      : sampler_parameters.seed;
    const seed = (own + workerId * workerStride) % 2 ** 31;
    return sampler.parse({
      ...given,
      sampler_parameters: { ...sampler_parameters, seed },
    });
  };
  return Object.fromEntries(
    Object.entries(parameters).map(([name, { curriculum }]) => [name, {
      curriculum: curriculum.map((each) => ({
        ...each,
        value: seeded(each.value),
      })),
    }]),
  );
}

function inOrder(
  context: z.RefinementCtx,
  path: readonly (string | number)[],
  low: number,
  high: number,
): void {
  if (low <= high) return;
  reject(context, {
    path,
    what: "the range is upside down",
    allowed: `${low} or more`,
  });
}
