import assert from "node:assert/strict";
import { add, constant, input, multiply } from "../../lib/tensor/build.ts";
import { isOp, type Node } from "../../lib/tensor/operation.ts";
import { capturedNodes, scan } from "../../lib/tensor/scan.ts";

const rows = input("rows", ["steps", 2]);

function bodyOf(result: Node) {
  const [node] = result.inputs;
  assert(isOp(node, "scan"));
  return node.attributes.body;
}

Deno.test("carries keep their shape, outputs gain the steps", () => {
  const { carry, outputs } = scan(
    { total: constant(new Float32Array(2)) },
    { row: rows },
    ({ total }, { row }) => ({
      carry: { total: add(total, row) },
      outputs: { twice: multiply(row, 2) },
    }),
  );
  assert.deepEqual(carry.total.shape, [2]);
  assert.deepEqual(outputs.twice.shape, ["steps", 2]);
});

Deno.test("what does not depend on the step is captured whole", () => {
  const outside = input("outside", [2]);
  const factor = multiply(outside, 3);
  const { outputs } = scan({}, { row: rows }, (_, { row }) => ({
    carry: {},
    outputs: { y: multiply(row, factor), z: factor },
  }));
  // Not `outside`: the product is computed once, around the loop.
  assert.deepEqual(bodyOf(outputs.y).captured, [factor]);
});

Deno.test("an inner scan's captured values pass through the outer one", () => {
  const outside = input("outside", [2]);
  const { outputs } = scan({}, { row: rows }, (_, { row }) => {
    const inner = scan(
      { s: row },
      { again: rows },
      ({ s }, { again }) => ({
        carry: { s: add(s, multiply(again, outside)) },
        outputs: {},
      }),
    );
    return { carry: {}, outputs: { s: inner.carry.s } };
  });
  const captured = new Set(bodyOf(outputs.s).captured);
  assert.deepEqual(captured, new Set<Node>([rows, outside]));
});

Deno.test("a scan needs something to slice", () => {
  const empty = () => scan({}, {}, () => ({ carry: {}, outputs: {} }));
  assert.throws(empty, /scan: needs something to slice/);
});

Deno.test("a carry may not change its shape or type", () => {
  const grown = () =>
    scan(
      { s: constant(0) },
      { row: rows },
      (_, { row }) => ({ carry: { s: row }, outputs: {} }),
    );
  assert.throws(grown, /carry "s" is float32\[\] inside and float32\[2\]/);
});

Deno.test("captured nodes: the border of what depends on parameters", () => {
  const [a, b] = [input("a", []), input("b", [])];
  const known = multiply(b, 2);
  const result = add(add(a, known), known);
  assert.deepEqual(capturedNodes([result], new Set([a])), [known]);
  assert.deepEqual(capturedNodes([known], new Set([a])), [known]);
  assert.deepEqual(capturedNodes([a], new Set([a])), []);
});
