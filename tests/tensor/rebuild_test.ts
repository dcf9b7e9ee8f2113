import assert from "node:assert/strict";
import { add, input, multiply, negate, tanh } from "../../lib/tensor/build.ts";
import { isOp, type Node } from "../../lib/tensor/operation.ts";
import { rebuildNode, substitute } from "../../lib/tensor/rebuild.ts";
import { scan } from "../../lib/tensor/scan.ts";

const [x, y] = [input("x", [2]), input("y", [2])];
const rows = input("rows", [3, 2]);

/** Adds rows times `factor` to `s`. */
function weightedSum(s: Node, factor: Node): Node {
  const { carry } = scan({ s }, { row: rows }, ({ s }, { row }) => ({
    carry: { s: add(s, multiply(row, factor)) },
    outputs: {},
  }));
  return carry.s;
}

function scanOf(result: Node): Node<"scan"> {
  const [node] = result.inputs;
  assert(isOp(node, "scan"));
  return node;
}

Deno.test("only what reads a replaced node is built again", () => {
  const [kept, changed] = [tanh(y), tanh(x)];
  const [result] = substitute([add(changed, kept)], new Map([[x, y]]));
  assert.notEqual(result.inputs[0], changed);
  assert.deepEqual(result.inputs[0].inputs, [y]);
  assert.equal(result.inputs[1], kept);
});

Deno.test("nodes in the middle are replaced, too, and results themselves", () => {
  const middle = tanh(x);
  const replacements = new Map<Node, Node>([[middle, y]]);
  const results = substitute([negate(middle), middle], replacements);
  assert.deepEqual(results[0].inputs, [y]);
  assert.equal(results[1], y);
});

Deno.test("values that a body captures are replaced inside it", () => {
  const factor = tanh(x);
  const sum = weightedSum(x, factor);
  const [result] = substitute([sum], new Map<Node, Node>([[factor, y]]));
  const { body } = scanOf(result).attributes;
  assert.deepEqual(body.captured, [y]);
  assert.deepEqual(body.nextCarry[0].inputs[1].inputs, [body.slices[0], y]);
  // The body of the loop that was there is as it was.
  assert.deepEqual(scanOf(sum).attributes.body.captured, [factor]);
});

Deno.test("a loop that reads nothing replaced stays the same node", () => {
  const sum = weightedSum(y, y);
  assert.equal(substitute([sum], new Map([[x, y]]))[0], sum);
});

Deno.test("a rebuilt scan goes the same way", () => {
  const { carry } = scan({ s: x }, { row: rows }, ({ s }, { row }) => ({
    carry: { s: add(s, row) },
    outputs: {},
  }), { reverse: true });
  const scanned = scanOf(carry.s);
  const rebuilt = rebuildNode(scanned, (node) => node === x ? y : node);
  assert(isOp(rebuilt, "scan"));
  assert.deepEqual(rebuilt.inputs, [y, rows]);
  assert.equal(rebuilt.attributes.reverse, true);
  assert.equal(rebuilt.attributes.length, 3);
});

Deno.test("inputs are what they are", () => {
  assert.equal(rebuildNode(x, () => y), x);
});
