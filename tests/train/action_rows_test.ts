import assert from "node:assert/strict";
import { actionRows } from "../../lib/train/action_rows.ts";

Deno.test("rows of actions of both kinds", () => {
  const actions = {
    continuous: Float32Array.of(1, 2, 3, 4, 5, 6),
    discrete: Int32Array.of(7, 8, 9),
  };
  const spec = { continuousSize: 2, discreteBranches: [4] };
  assert.deepEqual(actionRows(spec, actions, 1, 3), {
    continuous: Float32Array.of(3, 4, 5, 6),
    discrete: Int32Array.of(8, 9),
  });
  assert.deepEqual(actionRows(spec, actions, 1, 1), {
    continuous: new Float32Array(),
    discrete: new Int32Array(),
  });
  const none = { continuousSize: 0, discreteBranches: [4] };
  const discrete = actionRows(none, actions, 0, 1);
  assert.deepEqual(discrete.continuous.length, 0);
  assert.deepEqual([...discrete.discrete], [7]);
});
