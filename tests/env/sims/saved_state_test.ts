import assert from "node:assert/strict";
import {
  restoreArrays,
  saveArrays,
  savedArray,
} from "../../../lib/env/sims/saved_state.ts";
import { UserError } from "../../../lib/errors.ts";

Deno.test("saved arrays are copies and are written back in place", () => {
  const live = { a: Float64Array.of(0.1, 2), b: Int32Array.of(3) };
  const state = saveArrays(live);
  live.a[0] = 7;
  live.b[0] = 8;
  assert.deepEqual(state.a, { data: Float64Array.of(0.1, 2), shape: [2] });
  const { a } = live;
  restoreArrays(live, state);
  assert.deepEqual([...a, ...live.b], [0.1, 2, 3]);
});

Deno.test("a state that does not fit is refused", () => {
  const state = saveArrays({ a: new Float64Array(2) });
  assert.throws(
    () => restoreArrays({ a: new Float64Array(3) }, state),
    (error) =>
      error instanceof UserError && /number of areas/.test(error.message),
  );
  assert.throws(
    () => restoreArrays({ b: new Float64Array(2) }, state),
    UserError,
  );
  assert.throws(() => savedArray(state, "toString", 1), UserError);
});
