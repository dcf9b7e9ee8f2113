import assert from "node:assert/strict";
import { add, input, multiply, negate, tanh } from "../../lib/tensor/build.ts";
import { mergeScans } from "../../lib/tensor/merge_scans.ts";
import { isOp, type Node } from "../../lib/tensor/operation.ts";
import { orderBody, orderNodes } from "../../lib/tensor/program.ts";
import { makeScan, scan, scanOutput } from "../../lib/tensor/scan.ts";

const [x, rows] = [input("x", [2]), input("rows", [3, 2])];

/** s' = s + row with outputs 2 s and -s; the last sum and both outputs. */
function sums(reverse = false) {
  return scan({ s: x }, { row: rows }, ({ s }, { row }) => ({
    carry: { s: add(s, row) },
    outputs: { twice: multiply(s, 2), minus: negate(s) },
  }), { reverse });
}

function scanOf(result: Node): Node<"scan"> {
  const [node] = result.inputs;
  assert(isOp(node, "scan"));
  return node;
}

const scansIn = (nodes: readonly Node[]) =>
  nodes.filter((node) => isOp(node, "scan"));

/** The same loop with another output, as a gradient asks for one. */
function withOutput(result: Node, change: (s: Node) => Node): Node {
  const { inputs, attributes: { body, ...way } } = scanOf(result);
  const { carry, slices, nextCarry } = body;
  const outputs = [change(carry[0])];
  const node = makeScan({ carry, slices, nextCarry, outputs }, [
    inputs[0],
    inputs[1],
  ], way);
  return scanOutput(node, 1);
}

Deno.test("outputs that nobody reads are dropped", () => {
  const { carry, outputs } = sums();
  const [minus] = mergeScans([outputs.minus]);
  const { body } = scanOf(minus).attributes;
  assert.deepEqual(body.outputs.map(({ op }) => op), ["negate"]);
  assert.deepEqual(minus.shape, [3, 2]);
  const [last] = mergeScans([carry.s]);
  assert.deepEqual(scanOf(last).attributes.body.outputs, []);
});

Deno.test("loops through the same states become one", () => {
  const { carry, outputs } = sums();
  const more = withOutput(carry.s, tanh);
  const results = mergeScans([more, outputs.minus, carry.s]);
  assert.equal(scansIn(orderNodes(results)).length, 1);
  const { body } = scanOf(results[0]).attributes;
  assert.deepEqual(body.outputs.map(({ op }) => op), ["tanh", "negate"]);
  const positions = results.map((node) =>
    isOp(node, "scanOutput") &&
    node.attributes.index
  );
  assert.deepEqual(positions, [1, 2, 0]);
});

Deno.test("an output that two loops share is computed once", () => {
  const { outputs } = sums();
  const { body } = scanOf(outputs.minus).attributes;
  const again = withOutput(outputs.minus, () => body.outputs[1]);
  const [a, b] = mergeScans([outputs.minus, again]);
  assert.equal(scanOf(a), scanOf(b));
  assert.equal(scanOf(a).attributes.body.outputs.length, 1);
});

Deno.test("loops of other states, inputs or ways stay apart", () => {
  const [first, second] = [sums(), sums(true)];
  const { inputs, attributes } = scanOf(first.carry.s);
  const moved = makeScan(attributes.body, [tanh(x), inputs[1]], {
    length: attributes.length,
    reverse: false,
  });
  const results = mergeScans([
    first.carry.s,
    second.carry.s,
    scanOutput(moved, 0),
  ]);
  assert.equal(scansIn(orderNodes(results)).length, 3);
});

Deno.test("loops inside a body are merged, too", () => {
  const { outputs } = scan({}, { row: rows }, (_, { row }) => {
    const inner = scan({ s: row }, { other: rows }, ({ s }, { other }) => ({
      carry: { s: add(s, other) },
      outputs: { s },
    }));
    return {
      carry: {},
      outputs: { a: inner.outputs.s, b: withOutput(inner.carry.s, tanh) },
    };
  });
  const results = mergeScans([outputs.a, outputs.b]);
  const { body } = scanOf(results[0]).attributes;
  const [inner, ...others] = scansIn(orderBody(body));
  assert.deepEqual(others, []);
  assert(isOp(inner, "scan"));
  assert.equal(inner.attributes.body.outputs.length, 2);
});
