import assert from "node:assert/strict";
import { changesOf, refusal, upgraded } from "./upgrading.ts";

Deno.test("every distribution has its name of today", () => {
  assert.deepEqual(
    upgraded(`
resampling-interval: 500
a: {sampler-type: uniform, min_value: 0.5, max_value: 10}
b: {sampler-type: gaussian, mean: 1, st_dev: 0.1}
c: {sampler-type: multirange_uniform, intervals: [[7, 10], [15, 20]]}
d: {sampler_type: uniform, min_value: 2, max_value: 3}
`),
    {
      environment_parameters: {
        a: {
          sampler_type: "uniform",
          sampler_parameters: { min_value: 0.5, max_value: 10 },
        },
        b: {
          sampler_type: "gaussian",
          sampler_parameters: { mean: 1, st_dev: 0.1 },
        },
        c: {
          sampler_type: "multirangeuniform",
          sampler_parameters: { intervals: [[7, 10], [15, 20]] },
        },
        d: {
          sampler_type: "uniform",
          sampler_parameters: { min_value: 2, max_value: 3 },
        },
      },
    },
  );
});

Deno.test("what a sampler file holds besides is named", () => {
  const text = `
resampling-interval: 500
mine: {sampler-type: my_own, sides: 6}
a: {sampler-type: multirange_uniform, intervals: [[7, 10]], min_value: 3}
`;
  assert.deepEqual(changesOf(text), [
    "1: the file: this is a part of a run; upgrade its trainer configuration " +
    "with --sampler old.yaml to have one file",
    "2: resampling-interval dropped: Unity draws a value whenever it reads " +
    "the parameter",
    "3: mine could not be carried over: Unity has no sampler named my_own",
    "4: a.sampler-type -> environment_parameters.a.sampler_type: " +
    "multirangeuniform",
    "4: a.intervals -> environment_parameters.a.sampler_parameters.intervals",
    "4: a.min_value dropped: the program of that time did not read it",
  ]);
});

Deno.test("mistakes are named, all at once", () => {
  assert.equal(
    refusal("resampling-interval: 1\na: 3\nb: {min_value: 1}\n"),
    "old.yaml:2:4: a: wrong kind of value (allowed: a mapping with " +
      "sampler-type and what belongs to it)\n    a: 3\n       ^\n" +
      "old.yaml:3:4: b: no sampler-type (allowed: uniform, gaussian, " +
      "multirange_uniform)\n    b: {min_value: 1}\n       ^",
  );
});
