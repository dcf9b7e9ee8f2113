/** Action distributions learn to be as wanted (reference, section 10.3). */
import assert from "node:assert/strict";
import {
  branchProbabilities,
  categoricalLogProbability,
  gaussianLogProbability,
} from "../../lib/nn/distributions.ts";
import { actionHeads, squashedHead } from "../../lib/nn/policy.ts";
import type { ParameterScope } from "../../lib/nn/parameters.ts";
import { add, cast, concat, log } from "../../lib/tensor/build.ts";
import type { Node } from "../../lib/tensor/operation.ts";
import { fit, offTarget } from "../support/fit.ts";

const size = 16;

/** The same row for every step. */
const rows = (steps: number, values: readonly number[]) => ({
  data: Float32Array.from(Array<readonly number[]>(steps).fill(values).flat()),
  shape: [steps, values.length],
});

const code = (steps: number) => rows(steps, Array<number>(size).fill(1));

for (const [name, head] of [["state", squashedHead], ["no state"]] as const) {
  Deno.test(`log densities learn to be -2, with deviations of ${name}`, () => {
    const [steps, dimensions] = [50, 4];
    const worst = fit({
      columns: {
        code: code(steps),
        action: rows(steps, Array<number>(dimensions).fill(0)),
      },
      batch: 1,
      steps,
      rate: 3e-3,
      seed: 1,
      loss: (scope, { code, action }) => {
        const actions = { continuousSize: dimensions, discreteBranches: [] };
        const { gaussian } = actionHeads(
          scope,
          code,
          actions,
          undefined,
          head,
        );
        assert(gaussian);
        return offTarget(gaussianLogProbability(gaussian, action), -2);
      },
    });
    assert(worst[steps - 1] < 0.1, `up to ${worst[steps - 1]}`);
  });
}

const branches = [3, 3, 4];
const choices = 10;

/** The probabilities of all choices, those of masked ones lowered. */
function probabilities(scope: ParameterScope, code: Node, mask: Node): Node {
  const actions = { continuousSize: 0, discreteBranches: branches };
  const { categorical } = actionHeads(scope, code, actions, mask);
  assert(categorical);
  return concat(branchProbabilities(categorical), 1);
}

Deno.test("three branches learn the log probabilities that are wanted", () => {
  const steps = 100;
  const wanted = branches.flatMap((size) =>
    Array.from(
      { length: size },
      (_, i) => Math.log(i === 0 ? 1 - 0.01 * (size - 1) : 0.01),
    )
  );
  const worst = fit({
    columns: {
      code: code(steps),
      mask: rows(steps, Array<number>(choices).fill(1)),
      wanted: rows(steps, wanted),
    },
    batch: 1,
    steps,
    rate: 3e-3,
    seed: 1,
    loss: (scope, { code, mask, wanted }) => {
      const logs = log(add(probabilities(scope, code, mask), 1e-7));
      return offTarget(logs, wanted);
    },
  });
  assert(worst[steps - 1] < 0.1, `up to ${worst[steps - 1]}`);
});

Deno.test("the choice that masks leave has the log probability 0", () => {
  const mask = [1, 0, 0, 0, 1, 0, 0, 0, 0, 1];
  const [worst] = fit({
    columns: {
      code: code(1),
      mask: rows(1, mask),
      action: rows(1, [0, 1, 3]),
    },
    batch: 1,
    steps: 1,
    rate: 3e-3,
    seed: 1,
    loss: (scope, { code, mask, action }) => {
      const actions = { continuousSize: 0, discreteBranches: branches };
      const { categorical } = actionHeads(scope, code, actions, mask);
      assert(categorical);
      const chosen = cast(action, "int32");
      return offTarget(categoricalLogProbability(categorical, chosen), 0);
    },
  });
  assert(worst < 0.001, `up to ${worst}`);
});
