import assert from "node:assert/strict";
import { GraphWriter } from "../../lib/onnx/graph_writer.ts";
import {
  Lowering,
  type LoweringTarget,
  lowerProgram,
  runtimeTarget,
  unityTarget,
} from "../../lib/onnx/lower.ts";
import { nameOutputs } from "../../lib/onnx/name_outputs.ts";
import type { OnnxNode } from "../../lib/onnx/onnx_schema.ts";
import {
  add,
  broadcast,
  clamp,
  constant,
  input,
  matmul,
  maximum,
  minimum,
  multiply,
  negate,
  reshape,
  sigmoid,
  slice,
  split,
  stopGradient,
  sum,
  swish,
  tanh,
} from "../../lib/tensor/build.ts";
import type { Node } from "../../lib/tensor/operation.ts";
import { makeProgram, type Program } from "../../lib/tensor/program.ts";
import { scan } from "../../lib/tensor/scan.ts";
import { simplifyProgram } from "../../lib/tensor/simplify.ts";
import { assertLowersAlike } from "../support/lowering.ts";
import { readOnnx } from "../support/onnx_file.ts";
import { randomProgram } from "../support/random_program.ts";

const targets = [runtimeTarget, unityTarget];

/** 1, 2, 3 ... in a shape. */
function count(...shape: number[]) {
  const size = shape.reduce((product, dim) => product * dim, 1);
  return { data: Float32Array.from({ length: size }, (_, i) => i + 1), shape };
}

/** The ONNX nodes of a program, those of loop bodies included. */
function lower(program: Program, target: LoweringTarget): OnnxNode[] {
  const writer = new GraphWriter();
  const lowering = new Lowering(writer, target, program);
  nameOutputs(lowering, program.outputs);
  const withBodies = (nodes: readonly OnnxNode[]): OnnxNode[] =>
    nodes.flatMap((node) => [
      node,
      ...node.attribute.flatMap(({ g }) => g ? withBodies(g.node) : []),
    ]);
  return withBodies(writer.nodes);
}

const inputs = {
  x: input("x", ["rows", 4]),
  weight: input("weight", [4, 4]),
  bias: input("bias", [4]),
  limit: input("limit", []),
};
const { x, weight, bias, limit } = inputs;
const feeds = {
  x: count(3, 4),
  weight: count(4, 4),
  bias: count(4),
  limit: { data: Float32Array.of(2), shape: [] },
};

/**
 * Checks the values of results of the inputs, and returns the ONNX operators
 * that they become, sorted.
 */
function operators(
  results: readonly Node[],
  target: LoweringTarget = runtimeTarget,
): string {
  const outputs = Object.fromEntries(results.map((node, i) => [`y${i}`, node]));
  const program = makeProgram("p", Object.values(inputs), outputs);
  assertLowersAlike(program, feeds, target);
  return lower(program, target).map(({ opType }) => opType).sort().join(" ");
}

Deno.test("random programs, loops in loops included, mean the same", () => {
  for (let seed = 0; seed < 60; seed++) {
    const { program, feeds } = randomProgram(seed);
    for (const target of targets) {
      const what = `seed ${seed}, operator set ${target.opset}`;
      assertLowersAlike(program, feeds, target, what);
      assertLowersAlike(simplifyProgram(program), feeds, target, what);
    }
  }
});

Deno.test("a matrix product takes in one bias", () => {
  const product = matmul(x, weight);
  assert.equal(operators([add(product, bias)]), "Gemm");
  assert.equal(operators([add(bias, product)]), "Gemm");
  assert.equal(operators([add(product, bias)], unityTarget), "Gemm");
  assert.equal(operators([add(product, matmul(x, weight))]), "Gemm Gemm");
  assert.equal(operators([add(product, x)]), "Gemm");
  // The product by itself is wanted, too.
  assert.equal(operators([add(product, bias), product]), "Add Gemm");
});

Deno.test("a bias that would widen the product stays an addition", () => {
  const row = reshape(sum(x, [0]), [1, 4]);
  const wide = add(matmul(row, weight), weight);
  assert.match(operators([wide]), /^Add Gemm/);
  const narrow = add(matmul(x, weight), limit);
  assert.equal(operators([narrow]), "Add Gemm");
});

Deno.test("products of operator set 9 have a bias or are plain", () => {
  assert.equal(operators([matmul(x, weight)]), "Gemm");
  assert.equal(operators([matmul(x, weight)], unityTarget), "MatMul");
  const turned = matmul(x, x, { transposeB: true });
  assert.equal(operators([turned], unityTarget), "MatMul Transpose");
});

Deno.test("batches of products use the fused operator where it exists", () => {
  const batch = reshape(x, ["rows", 2, 2]);
  const turned = matmul(batch, batch, { transposeA: true, transposeB: true });
  assert.equal(operators([turned]), "FusedMatMul Reshape");
  const plain = "MatMul Reshape Transpose Transpose";
  assert.equal(operators([turned], unityTarget), plain);
});

Deno.test("limits on both sides become one Clip", () => {
  for (const target of targets) {
    assert.equal(operators([clamp(x, 2, 5)], target), "Clip");
    assert.equal(operators([clamp(x, -1, 0)], target), "Clip");
    assert.equal(operators([minimum(x, 5)], target), "Min");
    assert.equal(operators([maximum(x, 5)], target), "Max");
    assert.equal(operators([clamp(x, limit, 5)], target), "Max Min");
    const moving = clamp(x, 2, multiply(limit, 2));
    assert.equal(operators([moving], target), "Max Min Mul");
    const limited = maximum(x, 2);
    const twice = [minimum(limited, 5), limited];
    assert.equal(operators(twice, target), "Max Min");
  }
});

Deno.test("a swish is one operator, unless its sigmoid is there", () => {
  assert.equal(operators([swish(x)]), "QuickGelu");
  assert.equal(operators([swish(x)], unityTarget), "Mul Sigmoid");
  for (const target of targets) {
    const both = [swish(x), sigmoid(x)];
    assert.equal(operators(both, target), "Mul Sigmoid");
    assert.equal(operators(both.reverse(), target), "Mul Sigmoid");
  }
});

Deno.test("slices that cut up an axis become one Split", () => {
  for (const target of targets) {
    const all = split(x, 1, [1, 2, 1]);
    assert.equal(operators(all, target), "Split");
    assert.equal(operators([...all].reverse(), target), "Split");
    const [first, , last] = all;
    assert.equal(operators([first, last], target), "Slice Slice");
    const overlapping = [slice(x, 1, 0, 3), slice(x, 1, 2, 4)];
    assert.equal(operators(overlapping, target), "Slice Slice");
    const short = [slice(x, 1, 0, 2), slice(x, 1, 2, 3)];
    assert.equal(operators(short, target), "Slice Slice");
    const axes = [...split(weight, 0, [1, 3]), ...split(weight, 1, [2, 2])];
    assert.equal(operators(axes, target), "Split Split");
    const others = [...split(x, 1, [2, 2]), ...split(weight, 1, [3, 1])];
    assert.equal(operators(others, target), "Split Split");
  }
});

Deno.test("no operation is done for stopGradient and sums over no axes", () => {
  const y = tanh(sum(stopGradient(x), []));
  assert.equal(operators([y]), "Tanh");
});

Deno.test("outputs may be inputs, constants, or one value twice", () => {
  const y = tanh(x);
  const results = [x, y, y, constant(new Float32Array(2)), stopGradient(x)];
  for (const target of targets) {
    const found = operators(results, target);
    assert.equal(found, "Identity Identity Identity Identity Tanh");
  }
});

Deno.test("no name of a program is mistaken for one of the compiler's", () => {
  const names = [..."0123456789"].flatMap((digit) =>
    ["add", "Add", "tanh", "constant", "reshape"].map((op) => `${op}_${digit}`)
  );
  const all = names.map((name) => input(name, []));
  const y = all.reduce<Node>((total, node) => tanh(add(total, node)), limit);
  const values = Object.fromEntries(
    names.map((name) => [name, { data: Float32Array.of(0.1), shape: [] }]),
  );
  const program = makeProgram("names", [limit, ...all], { y });
  assertLowersAlike(program, { ...values, limit: feeds.limit });
});

Deno.test("models name their operator sets", () => {
  const program = makeProgram("p", [x], { y: swish(x) });
  const ours = readOnnx(lowerProgram(program));
  assert.deepEqual(ours.operatorSets, { "": 18, "com.microsoft": 1 });
  assert.deepEqual(ours.nodes.map(({ domain }) => domain), ["com.microsoft"]);
  const plain = readOnnx(lowerProgram(program, unityTarget));
  assert.deepEqual(plain.operatorSets, { "": 9 });
  assert.deepEqual(plain.nodes.map(({ domain }) => domain), ["", ""]);
  const value = { type: 1, shape: ["rows", 4] };
  for (const { inputs, outputs } of [ours, plain]) {
    assert.deepEqual(inputs, [{ name: "x", ...value }]);
    assert.deepEqual(outputs, [{ name: "y", ...value }]);
  }
});

Deno.test("sizes of a new shape are inferred or read from inputs", () => {
  const cube = input("cube", ["n", "m", 2]);
  for (const shape of [["m", "n", 2], ["n", 2, "m"], ["m*n", 2], [2, "m*n"]]) {
    const program = makeProgram("p", [cube], { y: reshape(cube, shape) });
    for (const target of targets) {
      assertLowersAlike(program, { cube: count(3, 4, 2) }, target);
    }
    assertLowersAlike(program, { cube: count(0, 4, 2) });
  }
});

Deno.test("sums over nothing are zero", () => {
  const empty = input("empty", ["rows", 0]);
  const program = makeProgram("empty", [empty], { y: sum(empty, [1]) });
  for (const target of targets) {
    assertLowersAlike(program, { empty: count(3, 0) }, target);
  }
});

/** Loops over `[steps, 2]` floats and `[steps]` whole numbers. */
const rows = input("rows", ["steps", 2]);
const shifts = input("shifts", ["steps"], "int32");
const factor = input("factor", [2]);

function checkLoop(
  outputs: Record<string, Node>,
  readers: readonly LoweringTarget[] = targets,
): void {
  const program = makeProgram("loop", [rows, shifts, factor], outputs);
  for (const steps of [0, 1, 3]) {
    const feeds = {
      rows: count(steps, 2),
      shifts: {
        data: Int32Array.from({ length: steps }, (_, i) => 5 - i),
        shape: [steps],
      },
      factor: count(2),
    };
    for (const target of readers) {
      const what = `${steps} steps, operator set ${target.opset}`;
      assertLowersAlike(program, feeds, target, what);
      assertLowersAlike(simplifyProgram(program), feeds, target, what);
    }
  }
}

Deno.test("loops carry and slice floats and whole numbers", () => {
  const { carry, outputs } = scan(
    { sums: factor, steps: constant(Int32Array.of(7), []) },
    { row: rows, shift: shifts },
    ({ sums, steps }, { row, shift }) => ({
      carry: { sums: add(sums, row), steps: add(steps, shift) },
      outputs: { product: multiply(sums, row), steps },
    }),
  );
  checkLoop({
    sums: carry.sums,
    steps: carry.steps,
    product: outputs.product,
    all: outputs.steps,
  });
});

Deno.test("results of a loop may be anything that its body knows", () => {
  const outside = tanh(factor);
  const { carry, outputs } = scan(
    { kept: factor, moved: factor, swapped: outside, fixed: factor },
    { row: rows },
    ({ kept, moved, swapped }, { row }) => {
      const sums = add(row, swapped);
      return {
        carry: { kept, moved: row, swapped: moved, fixed: outside },
        outputs: {
          carry: kept,
          slice: row,
          captured: outside,
          given: factor,
          number: constant(3),
          once: sums,
          twice: sums,
        },
      };
    },
  );
  const renamed = Object.entries(outputs).map(([name, node]) =>
    [`all_${name}`, node] as const
  );
  checkLoop({ ...carry, ...Object.fromEntries(renamed) });
});

Deno.test("a loop may be without carry, or without outputs", () => {
  const mapped = scan({}, { row: rows }, (_, { row }) => ({
    carry: {},
    outputs: { y: negate(row) },
  }));
  const folded = scan({ s: factor }, { row: rows }, ({ s }, { row }) => ({
    carry: { s: multiply(s, row) },
    outputs: {},
  }));
  checkLoop({ folded: folded.carry.s });
  // Loops of operator set 9 must carry something.
  checkLoop({ mapped: mapped.outputs.y }, [runtimeTarget]);
});

Deno.test("loops feed loops, and sizes are known inside", () => {
  const first = scan({ s: factor }, { row: rows }, ({ s }, { row }) => {
    const inner = scan({ t: s }, { other: rows }, ({ t }, { other }) => ({
      carry: { t: tanh(add(multiply(t, row), other)) },
      outputs: { spread: broadcast(sum(t), ["steps"]) },
    }));
    return {
      carry: { s: inner.carry.t },
      outputs: { spread: inner.outputs.spread },
    };
  });
  assert.deepEqual(first.outputs.spread.shape, ["steps", "steps", "steps"]);
  const second = scan(
    { s: constant(0) },
    { spread: first.outputs.spread },
    ({ s }, { spread }) => ({ carry: { s: add(s, sum(spread)) }, outputs: {} }),
  );
  checkLoop({ first: first.carry.s, second: second.carry.s });
});

Deno.test("a loop over a known number of steps", () => {
  const three = input("three", [3, 2]);
  const { carry } = scan({ s: factor }, { row: three }, ({ s }, { row }) => ({
    carry: { s: add(s, row) },
    outputs: {},
  }));
  const program = makeProgram("three", [three, factor], { s: carry.s });
  const values = { three: count(3, 2), factor: count(2) };
  for (const target of targets) assertLowersAlike(program, values, target);
});

Deno.test("fusion works inside loops, on what is computed there", () => {
  const square = input("square", [2, 2]);
  const table = input("table", ["steps", 3, 2]);
  const { outputs } = scan({}, { batch: table }, (_, { batch }) => ({
    carry: {},
    outputs: {
      y: swish(add(matmul(batch, square), factor)),
      limited: clamp(batch, 2, 4),
    },
  }));
  const program = makeProgram("fused", [table, square, factor], outputs);
  assertLowersAlike(program, {
    table: count(2, 3, 2),
    square: count(2, 2),
    factor: count(2),
  });
  const found = lower(program, runtimeTarget).map(({ opType }) => opType);
  for (const fused of ["Gemm", "QuickGelu", "Clip"]) {
    assert.equal(found.filter((op) => op === fused).length, 1, fused);
  }
  assert(!found.includes("Add"));
});
