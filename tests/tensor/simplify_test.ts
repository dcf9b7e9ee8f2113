import assert from "node:assert/strict";
import {
  add,
  and,
  broadcast,
  cast,
  concat,
  constant,
  divide,
  exp,
  gather,
  input,
  integerConstant,
  matmul,
  multiply,
  negate,
  oneHot,
  reduceMax,
  reshape,
  select,
  slice,
  stopGradient,
  subtract,
  sum,
  tanh,
  transpose,
} from "../../lib/tensor/build.ts";
import { interpret } from "../../lib/tensor/interpret.ts";
import { isOp, type Node } from "../../lib/tensor/operation.ts";
import {
  makeProgram,
  orderNodes,
  printProgram,
} from "../../lib/tensor/program.ts";
import { scan } from "../../lib/tensor/scan.ts";
import { simplifyProgram } from "../../lib/tensor/simplify.ts";
import { assertSameArray } from "../support/closeness.ts";
import { randomProgram } from "../support/random_program.ts";

const x = input("x", [2, 3]);
const y = input("y", [2, 3]);
const integers = input("integers", [3], "int32");
const rows = input("rows", ["steps", 2, 3]);
const inputs = [x, y, integers, rows];

function simplify(...results: Node[]): Node[] {
  const outputs = Object.fromEntries(results.map((node, i) => [`r${i}`, node]));
  const program = simplifyProgram(makeProgram("p", inputs, outputs));
  assert.deepEqual(program.inputs, inputs, "inputs stay as they are");
  return Object.values(program.outputs);
}

/** Operations of a program around its inputs, in order. */
function operations(...results: Node[]): string[] {
  return orderNodes(results, inputs).map(({ op }) => op);
}

Deno.test("a simplified program computes the same", () => {
  for (let seed = 0; seed < 150; seed++) {
    const { program, feeds } = randomProgram(seed);
    const simplified = simplifyProgram(program);
    const expected = interpret(program, feeds);
    const actual = interpret(simplified, feeds);
    for (const [name, value] of Object.entries(expected)) {
      // Every rule used here is exact in floating point, too.
      assertSameArray(actual[name], value, 0, `seed ${seed}, ${name}`);
    }
    const [before, after] = [program, simplified].map(printProgram);
    assert(after.length <= before.length, `seed ${seed} grew`);
    const again = printProgram(simplifyProgram(simplified));
    assert.equal(again, after, `seed ${seed}: nothing is left to simplify`);
  }
});

Deno.test("equal nodes become one", () => {
  const [result] = simplify(add(tanh(add(x, y)), tanh(add(x, y))));
  assert.deepEqual(operations(result), ["add", "tanh", "add"]);
  assert.equal(result.inputs[0], result.inputs[1]);
  const [a, b] = simplify(sum(x, [0]), sum(x, [1]));
  assert.notEqual(a, b);
});

Deno.test("constants merge only when they are equal to the sign of zero", () => {
  const with_ = (value: number) => divide(x, constant(value));
  const [a, b, c] = simplify(with_(0), with_(-0), with_(0));
  assert.equal(a, c);
  assert.notEqual(a, b);
});

Deno.test("constants are folded, up to a size", () => {
  const folded = exp(multiply(constant(Float32Array.of(0, 1)), 2));
  const [result] = simplify(folded);
  assert(isOp(result, "constant"));
  const expected = Float32Array.of(1, Math.exp(2));
  assert.deepEqual(result.attributes.data, expected);
  const [hot] = simplify(oneHot(integerConstant([1]), 2));
  assert(isOp(hot, "constant"));
  // A repeated number is cheaper to repeat than to store.
  const [repeated] = simplify(exp(broadcast(constant(1), [300, 300])));
  assert.deepEqual(operations(repeated), ["constant", "broadcast", "exp"]);
});

Deno.test("what no output needs is dropped", () => {
  const [result] = simplify(reshape(reshape(exp(x), [6]), [3, 2]));
  assert.deepEqual(operations(result), ["exp", "reshape"]);
});

Deno.test("neutral operations vanish", () => {
  const neutral = [
    add(x, 0),
    add(0, x),
    subtract(x, 0),
    multiply(x, 1),
    multiply(1, x),
    divide(x, 1),
    negate(negate(x)),
    multiply(multiply(x, 2), 0.5),
    cast(x, "float32"),
    reshape(reshape(x, [6]), [2, 3]),
    reshape(x, [2, 3]),
    broadcast(x, [2, 3]),
    stopGradient(x),
    sum(x, []),
    reduceMax(x, []),
    slice(x, 1, 0, 3),
    transpose(x, [0, 1]),
  ];
  simplify(...neutral).forEach((node, i) => {
    assert.equal(node, x, `number ${i} became ${node.op}`);
  });
});

Deno.test("a neutral operand that broadcasts stays", () => {
  const zeros = constant(new Float32Array(1), [1, 1, 1]);
  const [result] = simplify(add(x, zeros));
  assert.deepEqual(result.shape, [1, 2, 3]);
  assert.equal(result.op, "add");
});

Deno.test("signs move into additions", () => {
  const [a, b, c] = simplify(
    add(x, negate(y)),
    add(negate(y), x),
    multiply(x, -1),
  );
  assert.deepEqual([a.op, a.inputs], ["subtract", [x, y]]);
  assert.equal(b, a);
  assert.equal(c.op, "negate");
});

Deno.test("whole numbers times minus one stay a product", () => {
  const [result] = simplify(multiply(integers, -1));
  assert.deepEqual([result.op, result.dtype], ["multiply", "int32"]);
});

Deno.test("constant factors meet", () => {
  const [result] = simplify(multiply(4, multiply(multiply(x, 2), 3)));
  assert.equal(result.op, "multiply");
  assert(result.inputs.includes(x));
  const factor = result.inputs.find((node) => isOp(node, "constant"));
  assert(factor && isOp(factor, "constant"));
  assert.deepEqual([...factor.attributes.data], [24]);
});

Deno.test("transposed operands become flags of the product", () => {
  const [a, b, c] = simplify(
    matmul(transpose(x), y),
    matmul(x, transpose(y)),
    matmul(transpose(x), transpose(y), { transposeA: true }),
  );
  const flags = [a, b, c].map((node) => {
    assert(isOp(node, "matmul"));
    assert.deepEqual(node.inputs, [x, y]);
    const { transposeA, transposeB } = node.attributes;
    return [transposeA, transposeB];
  });
  assert.deepEqual(flags[0], [true, false]);
  assert.deepEqual(flags[1], [false, true]);
  assert.deepEqual(flags[2], [false, true]);
});

Deno.test("only transposes of the last two axes become flags", () => {
  const batch = reshape(x, [1, 2, 3]);
  const [flag, kept] = simplify(
    matmul(transpose(batch, [0, 2, 1]), batch),
    matmul(transpose(batch, [1, 0, 2]), reshape(x, [2, 3, 1])),
  );
  assert(!operations(flag).includes("transpose"));
  assert(operations(kept).includes("transpose"));
});

Deno.test("element-wise operations repeat operands by themselves", () => {
  const row = input("row", [3]);
  const wide = broadcast(row, [2, 3]);
  const flag = input("flag", [], "bool");
  const program = makeProgram("p", [x, row, flag], {
    sum: add(x, wide),
    choice: select(broadcast(flag, [2, 3]), x, wide),
    kept: exp(wide),
    shape: add(wide, broadcast(constant(1), [2, 3])),
  });
  const { sum, choice, kept, shape } = simplifyProgram(program).outputs;
  assert.deepEqual(sum.inputs, [x, row]);
  assert.deepEqual(choice.inputs, [flag, x, row]);
  assert.equal(kept.inputs[0].op, "broadcast");
  // One operand has to stay wide, or the result would be narrow.
  assert.deepEqual(shape.shape, [2, 3]);
  const wideInputs = shape.inputs.filter(({ op }) => op === "broadcast");
  assert.equal(wideInputs.length, 1);
});

Deno.test("flags keep their operands wide", () => {
  const flags = input("flags", [3], "bool");
  const wide = broadcast(flags, [2, 3]);
  const program = makeProgram("p", [flags], { y: and(wide, wide) });
  assert.deepEqual(simplifyProgram(program).outputs.y.shape, [2, 3]);
});

Deno.test("concat of pieces and gather of rows stay what they are", () => {
  const pieces = concat([slice(x, 1, 0, 1), slice(x, 1, 1, 3)], 1);
  const [a, b] = simplify(pieces, gather(x, integers));
  assert.deepEqual([a.op, b.op], ["concat", "gather"]);
});

/** The scan behind one of its results. */
function scanOf(result: Node): Node<"scan"> {
  const [node] = result.inputs;
  assert(isOp(node, "scan"));
  return node;
}

Deno.test("bodies are simplified, and capture what is left of them", () => {
  const { carry } = scan({ s: x }, { row: rows }, ({ s }, { row }) => ({
    carry: { s: add(s, multiply(multiply(row, 1), tanh(add(y, 0)))) },
    outputs: {},
  }));
  assert.equal(scanOf(carry.s).attributes.body.captured.length, 2);
  const [result] = simplify(carry.s);
  const node = scanOf(result);
  const { captured, nextCarry, slices } = node.attributes.body;
  assert.deepEqual(captured.map(({ op }) => op), ["tanh"]);
  assert.deepEqual(captured[0].inputs, [y]);
  assert.deepEqual(node.inputs.slice(2), captured);
  assert.deepEqual(nextCarry[0].inputs[1].inputs, [slices[0], captured[0]]);
});

Deno.test("nested scans capture simplified values of the scan around", () => {
  const { carry } = scan({ s: x }, { row: rows }, ({ s }, { row }) => {
    const doubled = add(add(row, row), 0);
    const inner = scan({ t: s }, { again: rows }, ({ t }, { again }) => ({
      carry: { t: add(t, multiply(again, add(doubled, multiply(y, 1)))) },
      outputs: {},
    }));
    return { carry: { s: inner.carry.t }, outputs: {} };
  });
  const [result] = simplify(carry.s);
  const outer = scanOf(result).attributes.body;
  assert.deepEqual(new Set(outer.captured), new Set<Node>([rows, y]));
  const inner = scanOf(outer.nextCarry[0]).attributes.body;
  assert.deepEqual(inner.captured.map(({ op }) => op), ["add"]);
  const [sum] = inner.captured;
  assert.deepEqual(sum.inputs[1], y);
  assert.deepEqual(sum.inputs[0].inputs, [outer.slices[0], outer.slices[0]]);
});
