import assert from "node:assert/strict";
import {
  environmentParameters,
  seedSamplers,
} from "../../lib/settings/environment_parameters.ts";
import { block, refusal } from "./messages.ts";

Deno.test("a number becomes one lesson with a constant", () => {
  const { mass, flag } = environmentParameters.parse({
    mass: "1e3",
    flag: true,
  });
  assert.deepEqual(mass, {
    curriculum: [{
      value: {
        sampler_type: "constant",
        sampler_parameters: { seed: -1, value: 1000 },
      },
      name: "mass",
      completion_criteria: null,
    }],
  });
  const [{ value }] = flag.curriculum;
  assert.deepEqual(value.sampler_parameters, { seed: -1, value: 1 });
});

Deno.test("samplers and their defaults", () => {
  const resolve = (sampler_type: string) =>
    environmentParameters.parse({
      p: { sampler_type, sampler_parameters: {} },
    }).p.curriculum[0].value.sampler_parameters;
  assert.deepEqual(resolve("constant"), { seed: -1, value: 0 });
  assert.deepEqual(resolve("uniform"), {
    seed: -1,
    min_value: 0,
    max_value: 1,
  });
  assert.deepEqual(resolve("gaussian"), { seed: -1, mean: 1, st_dev: 1 });
  assert.deepEqual(resolve("multirangeuniform"), {
    seed: -1,
    intervals: [[0, 1]],
  });
});

Deno.test("what is wrong with samplers and lessons", () => {
  const text = block`
    environment_parameters:
      a: heavy
      b: {sampler_type: unifrm, sampler_parameters: {}}
      c: {sampler_type: uniform, sampler_parameters: {min_value: 2}}
      d: {sampler_type: gaussian, sampler_parameters: {st_dev: -1}}
      e: {sampler_type: multirangeuniform, sampler_parameters: {intervals: [[1], [3, 2]]}}
      f: {}
      g: {curriculum: []}
      h:
        curriculum:
          - {name: one, value: 1}
          - {name: two, valu: 2}
      i:
        curriculum:
          - name: one
            value: 1
            completion_criteria: {behavior: B, measure: progress, threshold: 3}
          - {name: two, value: heavy}
  `;
  const heads = refusal(text).split("\n").filter((line) => /^run/.test(line))
    .map((line) =>
      line.replace(/^run.yaml:\d+:\d+: environment_parameters./, "")
    );
  const forms = "a number, a mapping with sampler_type and " +
    "sampler_parameters, or a mapping with curriculum";
  assert.deepEqual(heads, [
    `a: wrong kind of value (found "heavy"; allowed: ${forms})`,
    'b.sampler_type: unknown word (found "unifrm"; allowed: constant, ' +
    "uniform, gaussian, multirangeuniform)",
    "c.sampler_parameters.max_value: the range is upside down " +
    "(allowed: 2 or more)",
    "d.sampler_parameters.st_dev: out of range " +
    "(found -1; allowed: a number, 0 or more)",
    "e.sampler_parameters.intervals[0][1]: missing (allowed: a number)",
    "e.sampler_parameters.intervals[1][1]: the range is upside down " +
    "(found 2; allowed: 3 or more)",
    `f: wrong kind of value (found a mapping; allowed: ${forms})`,
    "g.curriculum: wrong length " +
    "(found a list; allowed: a list of at least one lesson)",
    "h.curriculum[1].valu: unknown key",
    "i.curriculum[0].completion_criteria.threshold: progress is a share of " +
    "max_steps (found 3; allowed: a number from 0 to 1)",
    'i.curriculum[1].value: wrong kind of value (found "heavy"; allowed: a ' +
    "number, or a mapping with sampler_type and sampler_parameters)",
  ]);
});

Deno.test("every lesson but the last says when it ends", () => {
  assert.match(
    refusal(
      "environment_parameters: {h: {curriculum: " +
        "[{name: one, value: 1}, {name: two, value: 2}]}}",
    ),
    /h\.curriculum\[0\]\.completion_criteria: missing, so this lesson would never end/,
  );
});

Deno.test("criteria and their defaults, in the reference's key order", () => {
  const { p } = environmentParameters.parse({
    p: {
      curriculum: [
        { name: "a", value: 1, completion_criteria: { behavior: "B" } },
        { name: "b", value: 2 },
      ],
    },
  });
  const [{ completion_criteria }] = p.curriculum;
  assert.deepEqual(Object.entries(completion_criteria ?? {}), [
    ["behavior", "B"],
    ["measure", "reward"],
    ["threshold", 0],
    ["min_lesson_length", 0],
    ["signal_smoothing", true],
    ["require_reset", false],
  ]);
  assert.deepEqual(Object.keys(p.curriculum[0]), [
    "value",
    "name",
    "completion_criteria",
  ]);
});

Deno.test("samplers without a seed count up from the run's", () => {
  const uniform = (seed: number) => ({
    sampler_type: "uniform",
    sampler_parameters: { seed },
  });
  const parameters = environmentParameters.parse({
    a: uniform(-1),
    b: uniform(5),
    c: 3,
    d: {
      curriculum: [
        { name: "x", value: 1, completion_criteria: { behavior: "B" } },
        { name: "y", value: uniform(-1) },
      ],
    },
  });
  const seedsOf = (workerId: number) =>
    Object.values(seedSamplers(parameters, 100, workerId))
      .flatMap(({ curriculum }) => curriculum)
      .map(({ value }) => value.sampler_parameters.seed);
  assert.deepEqual(seedsOf(0), [100, 5, 101, 102, 103]);
  // A seed that was given is for the first environment; none draws as another.
  const seeds = Array.from({ length: 100 }, (_, id) => seedsOf(id)).flat();
  assert.equal(new Set(seeds).size, 500);
});

Deno.test("seeds of samplers stay 32-bit numbers, none of them -1", () => {
  const seed = 2 ** 31 - 1;
  const parameters = environmentParameters.parse({
    a: { sampler_type: "gaussian", sampler_parameters: { seed } },
  });
  const [{ curriculum: [{ value }] }] = Object.values(
    seedSamplers(parameters, 0, 1),
  );
  assert.equal(value.sampler_parameters.seed, 100_002);
});
