import assert from "node:assert/strict";
import {
  curriculum,
  gaussian,
  multiRange,
  uniform,
} from "../../lib/api/parameter_parts.ts";
import { resolveSettings } from "../../lib/settings/resolve_settings.ts";

Deno.test("samplers take their parameters in order, a seed by name", () => {
  const { environment_parameters: parameters } = resolveSettings({
    environment_parameters: {
      mass: uniform(0.5, 2),
      wind: gaussian(3, 0.25, { seed: 7 }),
      side: multiRange([[-2, -1], [1, 3]], { seed: 8 }),
    },
  }).settings;
  const samplers = Object.values(parameters)
    .map(({ curriculum: [{ value }] }) => value);
  assert.deepEqual(samplers, [
    {
      sampler_type: "uniform",
      sampler_parameters: { seed: -1, min_value: 0.5, max_value: 2 },
    },
    {
      sampler_type: "gaussian",
      sampler_parameters: { seed: 7, mean: 3, st_dev: 0.25 },
    },
    {
      sampler_type: "multirangeuniform",
      sampler_parameters: { seed: 8, intervals: [[-2, -1], [1, 3]] },
    },
  ]);
});

Deno.test("a curriculum holds its lessons in order", () => {
  const easy = {
    name: "easy",
    value: 1,
    completion_criteria: { behavior: "A", threshold: 0.5 },
  };
  const hard = { name: "hard", value: uniform(1, 3) };
  assert.deepEqual(curriculum([easy, hard]), { curriculum: [easy, hard] });
  assert.deepEqual(curriculum([hard]), { curriculum: [hard] });
});
