import assert from "node:assert/strict";
import { BackwardLoop } from "../../lib/tensor/backward_loop.ts";
import { add, input, multiply, square, tanh } from "../../lib/tensor/build.ts";
import { interpret } from "../../lib/tensor/interpret.ts";
import { isOp, type Node } from "../../lib/tensor/operation.ts";
import { makeProgram } from "../../lib/tensor/program.ts";
import { scan } from "../../lib/tensor/scan.ts";

const [start, rows] = [input("start", []), input("rows", [3])];

/** s' = s + row over three rows, as its scan. */
function runningSum(reverse = false): Node<"scan"> {
  const { carry } = scan({ s: start }, { row: rows }, ({ s }, { row }) => ({
    carry: { s: add(s, row) },
    outputs: {},
  }), { reverse });
  const [node] = carry.s.inputs;
  assert(isOp(node, "scan"));
  return node;
}

/** Values for start 1 and rows 2, 3, 5. */
function evaluate(...results: Node[]): number[][] {
  const outputs = Object.fromEntries(results.map((node, i) => [`y${i}`, node]));
  const values = interpret(makeProgram("p", [start, rows], outputs), {
    start: { data: Float32Array.of(1), shape: [] },
    rows: { data: Float32Array.of(2, 3, 5), shape: [3] },
  });
  return results.map((_, i) => [...values[`y${i}`].data]);
}

Deno.test("steps are taken backwards and read the forward loop's states", () => {
  const forward = runningSum();
  const { carry: [s] } = forward.attributes.body;
  const loop = new BackwardLoop(forward);
  const seen = input("seen", []);
  // From the last step to the first: seen' = 10 seen + s, with s = 6, 3, 1.
  const last = loop.carry(seen, start, add(multiply(seen, 10), s));
  const all = loop.stack(multiply(seen, 2));
  loop.finish();
  const [sum, doubled] = evaluate(last(), all());
  assert.deepEqual(sum, [1631]);
  assert.deepEqual(doubled, [326, 32, 2]);
});

Deno.test("back from a loop that runs backwards is forwards", () => {
  const forward = runningSum(true);
  const { slices: [row] } = forward.attributes.body;
  const loop = new BackwardLoop(forward);
  const seen = input("seen", []);
  const last = loop.carry(seen, start, add(multiply(seen, 10), row));
  loop.finish();
  assert.deepEqual(evaluate(last()), [[1235]]);
});

Deno.test("slices of its own", () => {
  const loop = new BackwardLoop(runningSum());
  const [given, seen] = [input("given", []), input("seen", [])];
  loop.slice(given, square(rows));
  const last = loop.carry(seen, start, add(multiply(seen, 10), given));
  loop.finish();
  // ((1 * 10 + 25) * 10 + 9) * 10 + 4.
  assert.deepEqual(evaluate(last()), [[3594]]);
});

Deno.test("what the forward loop knows alone is stacked there", () => {
  const forward = runningSum();
  const { carry: [s], slices: [row] } = forward.attributes.body;
  const loop = new BackwardLoop(forward);
  const [known, sliced] = [loop.stack(tanh(s)), loop.stack(row)];
  loop.finish();
  const [scanned] = known().inputs;
  assert(isOp(scanned, "scan") && !scanned.attributes.reverse);
  assert.equal(sliced(), rows);
});

Deno.test("one node may be carried and stacked", () => {
  const loop = new BackwardLoop(runningSum());
  const seen = input("seen", []);
  const last = loop.carry(seen, start, multiply(seen, 10));
  const all = loop.stack(seen);
  loop.finish();
  assert.deepEqual(evaluate(last(), all()), [[1000], [100, 10, 1]]);
});

Deno.test("results are there when the loop is finished", () => {
  const loop = new BackwardLoop(runningSum());
  const seen = input("seen", []);
  const last = loop.carry(seen, start, seen);
  assert.throws(last, /the loop is not finished/);
});
