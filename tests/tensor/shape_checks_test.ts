import assert from "node:assert/strict";
import { input } from "../../lib/tensor/build.ts";
import { checkAxes, expect, fail } from "../../lib/tensor/shape_checks.ts";

const floats = input("floats", [2, "n"]);
const integers = input("integers", [3], "int32");

Deno.test("failures are in the name of the operation", () => {
  const wanted = { name: "TypeError", message: "add: no" };
  assert.throws(() => fail("add", "no"), wanted);
});

Deno.test("element types are checked one by one", () => {
  expect("op", [floats, integers], "float32,int32");
  expect("op", [floats, integers], "float32|int32,any");
  const refuses = (dtypes: string) => () =>
    expect("op", [floats, integers], dtypes);
  const found = /op: takes \(.*\), got \(float32, int32\)/;
  assert.throws(refuses("int32,int32"), found);
  assert.throws(refuses("float32"), found);
  assert.throws(refuses("float32,int32,any"), found);
});

Deno.test("axes must be there", () => {
  checkAxes("slice", floats, [0, 1, 0]);
  for (const axis of [2, -1, 0.5]) {
    const check = () => checkAxes("slice", floats, [axis]);
    assert.throws(check, /slice: no axis .* in \[2, n\]/);
  }
});
