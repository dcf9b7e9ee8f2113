import assert from "node:assert/strict";
import {
  channelsFirst,
  floatOrder,
  type ImageOrder,
  shapeOrder,
} from "../../../../lib/env/unity/images/image_order.ts";
import type { ObservationSpec } from "../../../../lib/spec.ts";

function sensor(
  shape: readonly number[],
  dimensionProperties: readonly number[],
): ObservationSpec {
  return { name: "", shape, dimensionProperties, observationType: "default" };
}

const unspecified = [0, 0, 0];

Deno.test("dimension properties say where the channels are", () => {
  for (const version of ["1.0.8", "2.0.0", "3.0.0", "4.0.0", ""]) {
    const first = sensor([3, 84, 84], [1, 2, 2]);
    const last = sensor([84, 84, 3], [2, 2, 1]);
    assert.equal(shapeOrder(first, version, null), "CHW");
    assert.equal(shapeOrder(last, version, null), "HWC");
  }
});

Deno.test("without properties the package's version says it", () => {
  const cases: [string, string][] = [
    ["", "HWC"],
    ["1.0.8", "HWC"],
    ["2.3.0-exp.3", "HWC"],
    ["3.0.0-exp.1", "CHW"],
    ["3.0.0", "CHW"],
    ["4.1.0", "CHW"],
    ["10.0.0", "CHW"],
    ["odd", "HWC"],
  ];
  for (const [version, layout] of cases) {
    assert.equal(
      shapeOrder(sensor([5, 6, 7], unspecified), version, null),
      layout,
      version,
    );
  }
});

Deno.test("PNG files know better where they fit one layout only", () => {
  const png = { width: 20, height: 10 };
  const last = sensor([10, 20, 3], unspecified);
  assert.equal(shapeOrder(last, "3.0.0", png), "HWC");
  assert.equal(
    shapeOrder(sensor([3, 10, 20], [2, 2, 1]), "2.0.0", png),
    "CHW",
  );
  // Both fit, or neither: nothing new is known.
  const cube = { width: 10, height: 10 };
  assert.equal(shapeOrder(sensor([10, 10, 10], [2, 2, 1]), "", cube), "HWC");
  assert.equal(
    shapeOrder(sensor([9, 9, 3], unspecified), "3.0.0", png),
    "CHW",
  );
});

Deno.test("plain numbers lie as the package writes them", () => {
  const cases: [ImageOrder, string, ImageOrder][] = [
    ["HWC", "1.0.8", "HWC"],
    ["HWC", "2.3.0-exp.3", "HWC"],
    ["CHW", "3.0.0-exp.1", "HWC"],
    ["CHW", "3.0.0", "HWC"],
    ["CHW", "4.0.0", "HWC"],
    ["CHW", "4.0.1", "CHW"],
    ["CHW", "4.1.0", "CHW"],
    ["CHW", "", "CHW"],
    ["HWC", "4.1.0", "HWC"],
  ];
  for (const [announced, version, order] of cases) {
    assert.equal(floatOrder(announced, version), order, version);
  }
});

Deno.test("shapes with the channels first", () => {
  assert.deepEqual(channelsFirst([10, 20, 3], "HWC"), [3, 10, 20]);
  assert.deepEqual(channelsFirst([3, 10, 20], "CHW"), [3, 10, 20]);
});
