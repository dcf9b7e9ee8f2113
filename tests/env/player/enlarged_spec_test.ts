import assert from "node:assert/strict";
import { enlargedSpec } from "../../../lib/env/player/enlarged_spec.ts";
import { vectorObservation } from "../../../lib/spec.ts";

Deno.test("the outermost size grows by one, the rest stays", () => {
  const spec = { ...vectorObservation(3, "eye"), shape: [3, 20, 30] };
  assert.deepEqual(enlargedSpec(spec), { ...spec, shape: [4, 20, 30] });
  assert.deepEqual(spec.shape, [3, 20, 30]);
});
