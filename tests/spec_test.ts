import assert from "node:assert/strict";
import {
  type BehaviorSpec,
  specDifference,
  vectorObservation,
} from "../lib/spec.ts";

const spec: BehaviorSpec = {
  observationSpecs: [vectorObservation(8), vectorObservation(3, "goal")],
  actionSpec: { continuousSize: 2, discreteBranches: [3, 2] },
};

Deno.test("specs that differ in names alone do not differ", () => {
  const { observationSpecs } = spec;
  const renamed = observationSpecs.map((each) => ({ ...each, name: "x" }));
  assert.equal(specDifference(spec, spec), null);
  assert.equal(
    specDifference(spec, { ...spec, observationSpecs: renamed }),
    null,
  );
});

Deno.test("the first difference of two specs, in words", () => {
  const [first, second] = spec.observationSpecs;
  const changes: [Partial<BehaviorSpec>, string][] = [
    [
      { observationSpecs: [first] },
      "number of observations: 1 instead of 2",
    ],
    [
      { observationSpecs: [first, second, second] },
      "number of observations: 3 instead of 2",
    ],
    [
      { observationSpecs: [first, { ...second, shape: [3, 4] }] },
      "shape of observation 1: [3,4] instead of [3]",
    ],
    [
      { observationSpecs: [{ ...first, observationType: "goal" }, second] },
      "type of observation 0: goal instead of default",
    ],
    [
      { observationSpecs: [{ ...first, dimensionProperties: [0] }, second] },
      "dimension properties of observation 0: [0] instead of [1]",
    ],
    [
      { actionSpec: { ...spec.actionSpec, continuousSize: 3 } },
      "number of continuous actions: 3 instead of 2",
    ],
    [
      { actionSpec: { ...spec.actionSpec, discreteBranches: [3] } },
      "discrete branches: [3] instead of [3,2]",
    ],
  ];
  for (const [change, words] of changes) {
    assert.equal(specDifference(spec, { ...spec, ...change }), words);
  }
});
