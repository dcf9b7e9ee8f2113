import assert from "node:assert/strict";
import { input, negate } from "../../lib/tensor/build.ts";
import {
  describeShape,
  dimFactors,
  isOp,
  multiplyDims,
  staticDim,
  staticSize,
} from "../../lib/tensor/operation.ts";

Deno.test("isOp tells operations apart", () => {
  const node = negate(input("x", [2]));
  assert(isOp(node, "negate"));
  assert(!isOp(node, "input"));
});

Deno.test("sizes are products; no axes hold one element", () => {
  assert.equal(staticSize([]), 1);
  assert.equal(staticSize([2, 3]), 6);
  assert.equal(staticSize([2, 0]), 0);
});

Deno.test("a symbolic size is refused where a number is needed", () => {
  const wanted = /the size "rows" is known only when the program runs/;
  assert.throws(() => staticDim("rows"), wanted);
  assert.throws(() => staticSize([2, "rows"]), wanted);
});

Deno.test("sizes multiply, known and by name", () => {
  assert.equal(multiplyDims([4, 5]), 20);
  assert.equal(multiplyDims([]), 1);
  assert.equal(multiplyDims(["rows"]), "rows");
  assert.equal(multiplyDims([4, "rows", 5, "agents"]), "20*agents*rows");
  assert.equal(multiplyDims(["20*rows", 2]), "40*rows");
  assert.equal(multiplyDims([0, "rows"]), "0*rows");
  const factors = { number: 20, names: ["agents", "rows"] };
  assert.deepEqual(dimFactors("20*agents*rows"), factors);
  assert.deepEqual(dimFactors("rows"), { number: 1, names: ["rows"] });
  assert.deepEqual(dimFactors(3), { number: 3, names: [] });
});

Deno.test("shapes read as lists", () => {
  assert.equal(describeShape(["rows", 128]), "[rows, 128]");
  assert.equal(describeShape([]), "[]");
});
