import assert from "node:assert/strict";
import { input, negate } from "../../lib/tensor/build.ts";
import {
  describeShape,
  isOp,
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

Deno.test("shapes read as lists", () => {
  assert.equal(describeShape(["rows", 128]), "[rows, 128]");
  assert.equal(describeShape([]), "[]");
});
