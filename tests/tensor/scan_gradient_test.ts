import assert from "node:assert/strict";
import { runtimeTarget } from "../../lib/onnx/lower.ts";
import {
  add,
  cast,
  constant,
  input,
  matmul,
  multiply,
  reshape,
  square,
  stopGradient,
  sum,
  tanh,
} from "../../lib/tensor/build.ts";
import { gradient } from "../../lib/tensor/gradient.ts";
import { interpret } from "../../lib/tensor/interpret.ts";
import { isOp, type Node } from "../../lib/tensor/operation.ts";
import {
  makeProgram,
  orderBody,
  orderNodes,
  type Program,
} from "../../lib/tensor/program.ts";
import { scan } from "../../lib/tensor/scan.ts";
import { simplifyProgram } from "../../lib/tensor/simplify.ts";
import { checkGradients, weigh } from "../support/check_gradients.ts";
import { assertClose, assertSameArray } from "../support/closeness.ts";
import { assertLowersAlike } from "../support/lowering.ts";
import { randomProgram } from "../support/random_program.ts";
import { Sampler } from "../support/sampler.ts";
import { unroll } from "../support/unroll.ts";

/** A scalar that depends on both results of a random program. */
function lossOf({ outputs: { first, second } }: Program): Node {
  return add(sum(first), multiply(sum(square(second)), 0.5));
}

/** A loss and its gradients as a program of the same inputs. */
function gradients(loss: Node, { inputs }: Program): Program {
  const slopes = gradient(loss, inputs);
  return makeProgram("gradients", inputs, {
    loss,
    ...Object.fromEntries(slopes.map((node, i) => [`slope${i}`, node])),
  });
}

Deno.test("gradients of loops are those of the steps written out", () => {
  for (let seed = 0; seed < 120; seed++) {
    const { program, feeds } = randomProgram(seed, { steps: 1 + seed % 3 });
    const loss = lossOf(program);
    const [plain] = unroll([loss]);
    const expected = interpret(gradients(plain, program), feeds, "float64");
    const loops = interpret(gradients(loss, program), feeds, "float64");
    for (const [name, value] of Object.entries(expected)) {
      assertSameArray(loops[name], value, 1e-9, `seed ${seed}, ${name}`);
    }
  }
});

Deno.test("gradients of gradients of loops are right, too", () => {
  for (let seed = 0; seed < 40; seed++) {
    const { program, feeds } = randomProgram(seed, { steps: 2 });
    const slopes = (loss: Node) =>
      gradient(loss, program.inputs).map((slope) => sum(square(slope)))
        .reduce(add);
    const loss = slopes(lossOf(program));
    const plain = slopes(unroll([lossOf(program)])[0]);
    const expected = interpret(gradients(plain, program), feeds, "float64");
    const loops = interpret(gradients(loss, program), feeds, "float64");
    for (const [name, value] of Object.entries(expected)) {
      assertSameArray(loops[name], value, 1e-9, `seed ${seed}, ${name}`);
    }
  }
});

Deno.test("compiled gradients of loops are the interpreted ones", () => {
  for (let seed = 0; seed < 60; seed++) {
    for (const symbolic of [false, true]) {
      const steps = seed % 4;
      const { program, feeds } = randomProgram(seed, { steps, symbolic });
      const slopes = gradients(lossOf(program), program);
      const what = `seed ${seed}, ${symbolic ? "named" : "known"} steps`;
      assertLowersAlike(slopes, feeds, runtimeTarget, what);
      const simplified = simplifyProgram(slopes);
      assertLowersAlike(simplified, feeds, runtimeTarget, what);
    }
  }
});

/**
 * A loop with everything: float and whole-number carries, several slices, a
 * weight and a sequence from outside, a loop inside, results of all kinds.
 */
function drawLoop(s: Sampler): Node {
  const [rows, width, innerSteps] = [s.size(), s.size(), s.size()];
  const weight = s.floats([width, width]);
  const again = s.floats([innerSteps, width]);
  const { carry, outputs } = scan(
    {
      hidden: s.floats([rows, width]),
      scale: s.floats([]),
      count: s.integers([], 3),
    },
    {
      x: s.floats([s.leading, rows, width]),
      y: s.floats([s.leading, width]),
      shift: s.integers([s.leading], 2),
    },
    ({ hidden, scale, count }, { x, y, shift }) => {
      const product = matmul(hidden, weight);
      const inner = scan({ t: y }, { row: again }, ({ t }, { row }) => ({
        carry: { t: tanh(add(multiply(t, row), scale)) },
        outputs: { u: multiply(t, x) },
      }), { reverse: s.chance() });
      const next = tanh(add(product, add(x, inner.carry.t)));
      return {
        carry: {
          hidden: next,
          scale: multiply(scale, 0.9),
          count: add(count, shift),
        },
        outputs: {
          moved: multiply(hidden, cast(count, "float32")),
          inner: sum(inner.outputs.u, [0]),
        },
      };
    },
    { reverse: s.chance() },
  );
  return [...Object.values(carry), ...Object.values(outputs)]
    .map((result) => weigh(s, result)).reduce(add);
}

Deno.test("gradients of loops are slopes", () => {
  for (let seed = 0; seed < 12; seed++) {
    const symbolic = seed % 2 === 1;
    const rows = seed < 4 ? Math.floor(seed / 2) : undefined;
    const sampler = new Sampler({ seed, symbolic, rows });
    checkGradients(sampler, drawLoop(sampler), `seed ${seed}`);
  }
});

const rows = input("rows", ["steps", 2]);
const start = input("start", [2]);

/** Gradients of a loss over `rows` and `start` at given values. */
function slopesAt(loss: Node, steps: readonly number[][], first: number[]) {
  const program = makeProgram("p", [rows, start], {});
  const feeds = {
    rows: { data: Float32Array.from(steps.flat()), shape: [steps.length, 2] },
    start: { data: Float32Array.from(first), shape: [2] },
  };
  const values = interpret(gradients(loss, program), feeds, "float64");
  return { rows: [...values.slope0.data], start: [...values.slope1.data] };
}

Deno.test("the gradient of a running product", () => {
  const { carry } = scan({ s: start }, { row: rows }, ({ s }, { row }) => ({
    carry: { s: multiply(s, row) },
    outputs: {},
  }));
  // d(s x1 x2)/dx1 = s x2, d/dx2 = s x1, d/ds = x1 x2, element by element.
  const steps = [[2, 3], [5, 7]];
  assert.deepEqual(slopesAt(sum(carry.s), steps, [1, 10]), {
    rows: [5, 70, 2, 30],
    start: [10, 21],
  });
  assert.deepEqual(slopesAt(sum(carry.s), [], [1, 10]), {
    rows: [],
    start: [1, 1],
  });
});

Deno.test("the gradient of running sums, from the last step to the first", () => {
  const { outputs } = scan(
    { s: start },
    { row: rows },
    ({ s }, { row }) => ({
      carry: { s: add(s, row) },
      outputs: { s: add(s, row) },
    }),
    { reverse: true },
  );
  // The last row is part of both sums, the first row of the last sum only.
  const steps = [[2, 3], [5, 7]];
  assert.deepEqual(slopesAt(sum(outputs.s), steps, [0, 0]), {
    rows: [1, 1, 2, 2],
    start: [2, 2],
  });
});

Deno.test("a carry that is replaced passes nothing on", () => {
  const { carry } = scan({ s: start }, { row: rows }, (_, { row }) => ({
    carry: { s: row },
    outputs: {},
  }));
  const steps = [[2, 3], [5, 7]];
  assert.deepEqual(slopesAt(sum(carry.s), steps, [0, 0]), {
    rows: [0, 0, 1, 1],
    start: [0, 0],
  });
});

Deno.test("stopGradient holds inside loops, too", () => {
  const { carry } = scan({ s: start }, { row: rows }, ({ s }, { row }) => ({
    carry: { s: add(stopGradient(s), row) },
    outputs: {},
  }));
  const steps = [[2, 3], [5, 7]];
  assert.deepEqual(slopesAt(sum(carry.s), steps, [0, 0]), {
    rows: [0, 0, 1, 1],
    start: [0, 0],
  });
});

Deno.test("a scan that the loss only reads through constants is fine", () => {
  const { carry } = scan({ s: constant(0) }, { row: rows }, (c, s) => ({
    carry: { s: add(c.s, sum(s.row)) },
    outputs: {},
  }));
  const [slope] = gradient(sum(multiply(start, carry.s)), [start]);
  const program = makeProgram("slope", [start, rows], { slope });
  const result = interpret(program, {
    start: { data: Float32Array.of(5, 6), shape: [2] },
    rows: { data: Float32Array.of(2, 3), shape: [1, 2] },
  });
  assert.deepEqual([...result.slope.data], [5, 5]);
});

/** h_t+1 = tanh(h_t W + x_t) over 5 steps, and the gradients of its outputs. */
function recurrence(): Program {
  const [h, weight] = [input("h", [3, 2]), input("weight", [2, 2])];
  const x = input("x", [5, 3, 2]);
  const { outputs } = scan({ h }, { x }, ({ h }, { x }) => {
    const next = tanh(add(matmul(h, weight), x));
    return { carry: { h: next }, outputs: { y: next } };
  });
  const loss = sum(square(outputs.y));
  const program = makeProgram("p", [h, weight, x], {});
  return simplifyProgram(gradients(loss, program));
}

Deno.test("the loop and its gradient are one loop each", () => {
  const program = recurrence();
  const loops = orderNodes(Object.values(program.outputs))
    .filter((node) => isOp(node, "scan"));
  assert.deepEqual(
    loops.map(({ attributes }) => attributes.reverse),
    [false, true],
  );
});

Deno.test("a weight's gradient is one product for all steps", () => {
  const nodes = orderNodes(Object.values(recurrence().outputs));
  const products = nodes.filter((node) => isOp(node, "matmul"));
  assert.deepEqual(
    products.map(({ inputs: [{ shape }] }) => shape),
    [[15, 2]],
  );
  const inside = nodes.filter((node) => isOp(node, "scan"))
    .map(({ attributes }) =>
      orderBody(attributes.body).filter(({ op }) => op === "matmul").length
    );
  assert.deepEqual(inside, [1, 1]);
});

Deno.test("what follows cheaply from stacked values is not stacked", () => {
  const [s, x] = [input("s", [2]), input("x", [3, 2])];
  const { carry } = scan({ s }, { x }, ({ s }, { x }) => ({
    carry: { s: add(multiply(tanh(s), s), x) },
    outputs: {},
  }));
  const [slope] = gradient(sum(carry.s), [s]);
  const program = simplifyProgram(makeProgram("p", [s, x], { slope }));
  const [forward] = orderNodes([program.outputs.slope])
    .filter((node) => isOp(node, "scan"));
  // d(s tanh s) = tanh s + s (1 - tanh^2 s): of s and its tanh.
  const { outputs } = forward.attributes.body;
  assert.deepEqual(outputs.map(({ op }) => op).sort(), ["input", "tanh"]);
});

Deno.test("sums of sums of one value are walked through once", () => {
  const { carry } = scan({ s: start }, { row: rows }, ({ s }, { row }) => {
    let [many, known] = [s, multiply(row, row)];
    // 2^50 paths lead through these.
    for (let i = 0; i < 50; i++) {
      many = multiply(add(many, many), 0.5);
      known = multiply(add(known, known), 0.5);
    }
    return { carry: { s: multiply(many, tanh(known)) }, outputs: {} };
  });
  const steps = [[0.5, 1], [1, 2]];
  const slopes = slopesAt(sum(carry.s), steps, [1, 1]);
  const products = [
    Math.tanh(0.25) * Math.tanh(1),
    Math.tanh(1) * Math.tanh(4),
  ];
  assertClose(slopes.start, products, 1e-9);
});

Deno.test("a weight's gradient is summed in the loop where steps are named", () => {
  const h = input("h", [1, 2]);
  const weight = input("weight", [2, 2]);
  const { carry } = scan({ h }, { row: rows }, ({ h }, { row }) => ({
    carry: { h: add(matmul(h, weight), reshape(row, [1, 2])) },
    outputs: {},
  }));
  const program = makeProgram("p", [h, weight, rows], {});
  const feeds = (steps: number) => ({
    h: { data: Float32Array.of(1, -1), shape: [1, 2] },
    weight: { data: Float32Array.of(0.5, 1, -1, 0.25), shape: [2, 2] },
    rows: { data: new Float32Array(2 * steps).fill(0.5), shape: [steps, 2] },
  });
  const slopes = gradients(sum(square(carry.h)), program);
  for (const steps of [0, 1, 3]) {
    assertLowersAlike(slopes, feeds(steps), runtimeTarget, `${steps} steps`);
    assertLowersAlike(simplifyProgram(slopes), feeds(steps), runtimeTarget);
  }
});
