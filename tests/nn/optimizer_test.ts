import assert from "node:assert/strict";
import { adamSchedule, adamUpdate } from "../../lib/nn/optimizer.ts";
import { constant } from "../../lib/tensor/build.ts";
import type { Node } from "../../lib/tensor/operation.ts";
import { assertClose } from "../support/closeness.ts";
import { valuesOf } from "../support/evaluate.ts";

const vector = (...values: number[]) => constant(Float32Array.from(values));

Deno.test("two steps of Adam as worked out by hand", () => {
  // Weight 1, rate 0.1; gradients 2 and then -1.
  // Step 1: m = 0.2, v = 0.004; corrected 2 and 4; w = 1 - 0.1 * 2 / 2 = 0.9.
  // Step 2: m = 0.9 * 0.2 - 0.1 = 0.08, corrected 0.08 / 0.19 = 0.4210526;
  //         v = 0.999 * 0.004 + 0.001 = 0.004996, corrected by 0.001999:
  //         2.4992496; w = 0.9 - 0.1 * 0.4210526 / 1.5809015 = 0.8733663.
  const { rate, epsilon } = adamSchedule(0.1, 0, 2);
  let weights: Node = vector(1);
  let state = { first: vector(0) as Node, second: vector(0) as Node };
  const expected = [0.9, 0.8733663];
  [2, -1].forEach((gradient, i) => {
    const step = { rate: constant(rate[i]), epsilon: constant(epsilon[i]) };
    ({ weights, state } = adamUpdate(weights, vector(gradient), state, step));
    assertClose(valuesOf(weights), [expected[i]], 1e-6, `step ${i + 1}`);
  });
  // The state holds the moments undivided: m / 0.1 and v / 0.001.
  assertClose(valuesOf(state.first), [0.8], 1e-6);
  assertClose(valuesOf(state.second), [4.996], 1e-6);
});

/** Adam as its paper writes it, in double precision. */
function textbook(gradients: readonly number[], rate: number): number {
  let [weight, m, v] = [0, 0, 0];
  gradients.forEach((g, i) => {
    m = 0.9 * m + 0.1 * g;
    v = 0.999 * v + 0.001 * g * g;
    const correctedM = m / (1 - 0.9 ** (i + 1));
    const correctedV = v / (1 - 0.999 ** (i + 1));
    weight -= rate * correctedM / (Math.sqrt(correctedV) + 1e-8);
  });
  return weight;
}

Deno.test("folded bias corrections equal the textbook, epsilon included", () => {
  // Gradients near epsilon show where that is added.
  for (const size of [1, 1e-4, 1e-8]) {
    const gradients = Array.from(
      { length: 40 },
      (_, i) => size * Math.sin(i + 1),
    );
    const schedule = adamSchedule(3e-2, 0, gradients.length);
    let weights: Node = vector(0);
    let state = { first: vector(0) as Node, second: vector(0) as Node };
    gradients.forEach((gradient, i) => {
      const step = {
        rate: constant(schedule.rate[i]),
        epsilon: constant(schedule.epsilon[i]),
      };
      const flat = vector(gradient);
      ({ weights, state } = adamUpdate(weights, flat, state, step));
    });
    const rounded = gradients.map(Math.fround);
    assertClose(valuesOf(weights), [textbook(rounded, 3e-2)], 1e-6);
  }
});

Deno.test("a schedule goes on where the last one ended", () => {
  const whole = adamSchedule(1e-3, 0, 5);
  const rest = adamSchedule(1e-3, 2, 3);
  assert.deepEqual(rest.rate, whole.rate.slice(2));
  assert.deepEqual(rest.epsilon, whole.epsilon.slice(2));
  // Far out the corrections are gone: rate * sqrt(1000) / 10, not infinite.
  const late = adamSchedule(1, 1e7, 1);
  assertClose(late.rate, [Math.sqrt(1000) / 10], 1e-6);
});
