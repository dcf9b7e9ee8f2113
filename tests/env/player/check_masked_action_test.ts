import assert from "node:assert/strict";
import { checkMaskedAction } from "../../../lib/env/player/check_masked_action.ts";

const spec = { continuousSize: 1, discreteBranches: [3, 2] };

Deno.test("an action counts by its place among those of all branches", () => {
  const asked: number[] = [];
  checkMaskedAction("B", 7, spec, Int32Array.of(2, 1), (choice) => {
    asked.push(choice);
    return false;
  });
  assert.deepEqual(asked, [2, 4]);
  assert.throws(
    () =>
      checkMaskedAction("B", 7, spec, Int32Array.of(2, 1), (at) => at === 4),
    /B: .*masked action for agent 7 \(found action 1 of branch 1\)/,
  );
});
