import assert from "node:assert/strict";
import { lambdaReturns, normalizeAdvantages } from "../../lib/algo/returns.ts";
import { assertClose } from "../support/closeness.ts";

const rewards = [1, 0, 2];
const values = [1, 2, 3];

interface Options {
  readonly bootstrap: number;
  readonly gamma: number;
  readonly lambda: number;
}

function returnsOf(options: Options): Float64Array {
  const result = new Float64Array(rewards.length);
  lambdaReturns({ rewards, values, ...options }, result);
  return result;
}

/** What the returns are better than the values. */
function advantages(options: Options): Float64Array {
  return returnsOf(options).map((value, t) => value - values[t]);
}

Deno.test("lambda returns of three steps as worked out by hand", () => {
  // G_2 = 2 + 0.9 * 4 = 5.6, since nothing but the bootstrap follows.
  // G_1 = 0 + 0.9 (0.8 * 5.6 + 0.2 * 3) = 4.572
  // G_0 = 1 + 0.9 (0.8 * 4.572 + 0.2 * 2) = 4.65184
  const cut = returnsOf({ bootstrap: 4, gamma: 0.9, lambda: 0.8 });
  assertClose(cut, [4.65184, 4.572, 5.6], 1e-12);
});

Deno.test("advantages of three steps as worked out by hand", () => {
  // delta_2 = 2 + 0.9 * 4 - 3 = 2.6,   A_2 = 2.6
  // delta_1 = 0 + 0.9 * 3 - 2 = 0.7,   A_1 = 0.7 + 0.72 * 2.6 = 2.572
  // delta_0 = 1 + 0.9 * 2 - 1 = 1.8,   A_0 = 1.8 + 0.72 * 2.572 = 3.65184
  const cut = advantages({ bootstrap: 4, gamma: 0.9, lambda: 0.8 });
  assertClose(cut, [3.65184, 2.572, 2.6], 1e-12);
});

Deno.test("after a true end nothing follows", () => {
  // A_2 = 2 - 3 = -1, A_1 = 0.7 - 0.72 = -0.02, A_0 = 1.8 - 0.72 * 0.02.
  const ended = advantages({ bootstrap: 0, gamma: 0.9, lambda: 0.8 });
  assertClose(ended, [1.7856, -0.02, -1], 1e-12);
});

Deno.test("lambda 1 compares with the return, lambda 0 with one step", () => {
  // Returns: 2 + 0.5 * 4 = 4; 0 + 0.5 * 4 = 2; 1 + 0.5 * 2 = 2.
  const whole = advantages({ bootstrap: 4, gamma: 0.5, lambda: 1 });
  assertClose(whole, [2 - 1, 2 - 2, 4 - 3], 1e-12);
  const step = advantages({ bootstrap: 4, gamma: 0.5, lambda: 0 });
  assertClose(step, [1 + 1 - 1, 0 + 1.5 - 2, 2 + 2 - 3], 1e-12);
});

Deno.test("advantages are shifted and scaled by the population deviation", () => {
  // Mean 3, variance (4 + 1 + 0 + 9) / 4 = 3.5.
  const advantages = Float32Array.of(1, 2, 3, 6);
  normalizeAdvantages(advantages);
  const deviation = Math.sqrt(3.5);
  const expected = [-2, -1, 0, 3].map((value) => value / deviation);
  assertClose(advantages, expected, 1e-6);
});

Deno.test("equal advantages become zero, none stay none", () => {
  const equal = Float32Array.of(5, 5);
  normalizeAdvantages(equal);
  assert.deepEqual([...equal], [0, 0]);
  normalizeAdvantages(new Float32Array(0));
});
