import assert from "node:assert/strict";
import { UserError } from "../../lib/errors.ts";
import { requireFinite } from "../../lib/train/require_finite.ts";

const arrays = (...values: number[]) => ({
  weight: { data: Float32Array.from(values), shape: [values.length] },
});

Deno.test("finite numbers pass, others are named as divergence", () => {
  requireFinite(arrays(1, -2, 0));
  for (const value of [NaN, Infinity, -Infinity]) {
    assert.throws(
      () => requireFinite(arrays(1, value)),
      (error) => error instanceof UserError && /diverged/.test(error.message),
    );
  }
});
