import assert from "node:assert/strict";
import { makeSensor } from "../../../lib/env/unity/sensor.ts";
import { UserError } from "../../../lib/errors.ts";
import type { ObservationSpec } from "../../../lib/spec.ts";

function announced(
  shape: readonly number[],
  dimensionProperties = shape.map(() => 0),
) {
  const spec: ObservationSpec = {
    name: "eye",
    shape,
    dimensionProperties,
    observationType: "default",
  };
  return { spec, pngSize: null };
}

Deno.test("vectors, entities and whatever else stay as they are", () => {
  for (const shape of [[3], [0], [20, 5], [2, 3, 4, 5], []]) {
    const sensor = announced(shape, shape.map(() => 1));
    const made = makeSensor("B", sensor, { packageVersion: "1.0.8" });
    assert.deepEqual(made.announcedShape, shape);
    assert.equal(made.spec, sensor.spec);
    assert.equal(made.floatOrder, "CHW");
  }
});

Deno.test("images have one layout, whatever the player announces", () => {
  const options = { packageVersion: "2.0.0" };
  const old = makeSensor("B", announced([10, 20, 3]), options);
  const present = makeSensor("B", announced([3, 10, 20], [1, 2, 2]), {
    packageVersion: "4.1.0",
  });
  for (const { spec } of [old, present]) {
    assert.deepEqual(spec.shape, [3, 10, 20]);
    assert.deepEqual(spec.dimensionProperties, [1, 2, 2]);
    assert.equal(spec.name, "eye");
  }
  assert.deepEqual(old.announcedShape, [10, 20, 3]);
  assert.deepEqual([old.floatOrder, present.floatOrder], ["HWC", "CHW"]);
});

Deno.test("the user knows the order of plain numbers best", () => {
  for (const floatImageOrder of ["CHW", "HWC"] as const) {
    for (const packageVersion of ["2.0.0", "3.0.0", "4.1.0"]) {
      const options = { packageVersion, floatImageOrder };
      const made = makeSensor("B", announced([3, 10, 20]), options);
      assert.equal(made.floatOrder, floatImageOrder);
    }
  }
});

Deno.test("impossible shapes are refused by name", () => {
  for (const shape of [[-1], [1 << 15, 1 << 15], [3, -1, 2]]) {
    assert.throws(
      () => makeSensor("B", announced(shape), { packageVersion: "" }),
      (error) =>
        error instanceof UserError &&
        /^B: Sensor "eye" has an impossible shape/.test(error.message),
    );
  }
});
