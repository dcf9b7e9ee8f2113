import assert from "node:assert/strict";
import { actionCode } from "../../lib/nn/action_code.ts";
import { matrix, valuesOf, wholeMatrix } from "../support/evaluate.ts";

Deno.test("continuous actions come first, then a one-hot row per branch", () => {
  const code = actionCode({
    continuous: matrix([0.5, -2], [3, 4]),
    discrete: wholeMatrix([2, 0], [0, 1]),
  }, [3, 2]);
  assert.deepEqual(code.shape, [2, 7]);
  const expected = [0.5, -2, 0, 0, 1, 1, 0, 3, 4, 1, 0, 0, 0, 1];
  assert.deepEqual(valuesOf(code), expected);
});

Deno.test("one kind of actions alone", () => {
  const continuous = actionCode({ continuous: matrix([1, 2]) }, []);
  assert.deepEqual(valuesOf(continuous), [1, 2]);
  const discrete = actionCode({ discrete: wholeMatrix([1]) }, [3]);
  assert.deepEqual(valuesOf(discrete), [0, 1, 0]);
});
