import assert from "node:assert/strict";
import { changesOf, upgraded } from "./upgrading.ts";

Deno.test("a curriculum wins over a sampler, the last one over others", () => {
  const text = `
default: {trainer: ppo}
A: {}
`;
  const beside = {
    sampler: "mass: {sampler-type: uniform, max_value: 2}\n" +
      "pull: {sampler-type: uniform}",
    curricula: {
      "A.json": '{"parameters": {"mass": [1]}}',
      "B.json": '{"parameters": {"mass": [2]}}',
    },
  };
  const { environment_parameters } = Object(upgraded(text, beside));
  assert.deepEqual(Object.keys(environment_parameters), ["pull", "mass"]);
  assert.deepEqual(environment_parameters, {
    pull: { sampler_type: "uniform", sampler_parameters: {} },
    mass: { curriculum: [{ name: "Lesson0", value: 2 }] },
  });
  const lost = changesOf(text, beside).filter((line) =>
    line.includes("could not be carried over")
  );
  assert.deepEqual(lost, [
    "sampler.yaml:1: mass could not be carried over: parameters.mass in " +
    "A.json sets the same parameter, and wins",
    "A.json:1: parameters.mass could not be carried over: parameters.mass in " +
    "B.json sets the same parameter, and wins",
  ]);
});
