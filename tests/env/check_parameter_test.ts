import assert from "node:assert/strict";
import { checkParameter } from "../../lib/env/check_parameter.ts";
import type { EnvironmentParameter } from "../../lib/env/env.ts";
import { UserError } from "../../lib/errors.ts";

Deno.test("parameters with a value to draw pass", () => {
  const fit: EnvironmentParameter[] = [
    -9.81,
    { kind: "uniform", min: 1, max: 1, seed: 1 },
    { kind: "gaussian", mean: 2, stDev: 0, seed: -1 },
    { kind: "multirangeuniform", intervals: [[3, 4], [1, 2]], seed: 0 },
  ];
  for (const parameter of fit) checkParameter("mass", parameter);
});

Deno.test("all others are refused with name and values", () => {
  const unfit: EnvironmentParameter[] = [
    NaN,
    Infinity,
    { kind: "uniform", min: 2, max: 1, seed: 1 },
    { kind: "uniform", min: 0, max: 1, seed: NaN },
    { kind: "gaussian", mean: 0, stDev: Infinity, seed: 1 },
    { kind: "multirangeuniform", intervals: [], seed: 1 },
    { kind: "multirangeuniform", intervals: [[0, 1], [3, 2]], seed: 1 },
  ];
  for (const parameter of unfit) {
    assert.throws(() => checkParameter("mass", parameter), UserError);
  }
  assert.throws(
    () => checkParameter("mass", { kind: "uniform", min: 2, max: 1, seed: 1 }),
    /environment_parameters\.mass: .*found \[2, 1\]/,
  );
});
