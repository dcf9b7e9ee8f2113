import assert from "node:assert/strict";
import {
  broadcastPosition,
  emptyValue,
  forEachIndex,
  sizeOf,
  stridesOf,
} from "../../lib/tensor/interpret_values.ts";

Deno.test("zeros have the array of their element type", () => {
  const kinds = [
    emptyValue("float32", [2], "float32").data,
    emptyValue("float32", [2], "float64").data,
    emptyValue("int32", [2], "float64").data,
    emptyValue("bool", [2], "float64").data,
  ].map(({ constructor }) => constructor.name);
  const wanted = ["Float32Array", "Float64Array", "Int32Array", "Uint8Array"];
  assert.deepEqual(kinds, wanted);
});

Deno.test("the last axis is the nearest in memory", () => {
  assert.deepEqual(stridesOf([2, 3, 4]), [12, 4, 1]);
  assert.deepEqual(stridesOf([]), []);
  assert.equal(sizeOf([2, 3, 4]), 24);
});

Deno.test("indices run in row-major order", () => {
  const seen: string[] = [];
  forEachIndex([2, 2], (position, index) => seen.push(`${position}:${index}`));
  assert.deepEqual(seen, ["0:0,0", "1:0,1", "2:1,0", "3:1,1"]);
  forEachIndex([], (position, index) => seen.push(`${position}:${index}`));
  assert.equal(seen.at(-1), "0:");
  forEachIndex([3, 0], () => assert.fail("there is no element"));
});

Deno.test("axes of size one and absent axes repeat", () => {
  const value = emptyValue("float32", [3, 1], "float32");
  const position = (...index: number[]) =>
    broadcastPosition(value, stridesOf(value.shape), index);
  assert.equal(position(7, 2, 5), 2);
  assert.equal(position(0, 1, 0), 1);
});
