import assert from "node:assert/strict";
import {
  add,
  cast,
  constant,
  input,
  matmul,
  maximum,
  mean,
  minimum,
  multiply,
  reduceMax,
  square,
  stopGradient,
  sum,
  transpose,
} from "../../lib/tensor/build.ts";
import { gradient } from "../../lib/tensor/gradient.ts";
import { interpret } from "../../lib/tensor/interpret.ts";
import type { Node, OpName } from "../../lib/tensor/operation.ts";
import { makeProgram } from "../../lib/tensor/program.ts";
import { scan } from "../../lib/tensor/scan.ts";
import { shapeRules } from "../../lib/tensor/shape_rules.ts";
import { assertClose } from "../support/closeness.ts";
import { operationSamples } from "../support/operation_samples.ts";
import { Sampler } from "../support/sampler.ts";

const operations = Object.keys(shapeRules) as OpName[];

Deno.test("every operation has samples", () => {
  assert.deepEqual(Object.keys(operationSamples).sort(), operations.sort());
});

/** A scalar that depends on every element of `x` in another way. */
function weigh(sampler: Sampler, x: Node): Node {
  const weights = sampler.floats(x.shape, 0.5, 1.5);
  return sum(multiply(cast(x, "float32"), weights));
}

/** Compares gradients with central differences in double precision. */
function checkGradients(sampler: Sampler, loss: Node, what: string): void {
  const step = 1e-5;
  const { inputs, feeds } = sampler;
  const parameters = inputs.filter(({ dtype }) => dtype === "float32");
  const gradients = gradient(loss, parameters);
  const outputs = Object.fromEntries(
    gradients.map((node, i) => [`d/${parameters[i].attributes.name}`, node]),
  );
  const slopes = interpret(
    makeProgram("gradients", inputs, outputs),
    feeds,
    "float64",
  );
  const program = makeProgram("loss", inputs, { loss });
  for (const parameter of parameters) {
    const { name } = parameter.attributes;
    const { data, shape } = feeds[name];
    const slope = slopes[`d/${name}`];
    assert.deepEqual(slope.shape, shape);
    const differences = Array.from(data, (_, i) => {
      const at = (offset: number) => {
        const moved = Float64Array.from(data);
        moved[i] += offset;
        const changed = { ...feeds, [name]: { data: moved, shape } };
        return interpret(program, changed, "float64").loss.data[0];
      };
      return (at(step) - at(-step)) / (2 * step);
    });
    assertClose(slope.data, differences, 1e-6, `${what}, d/d${name}`);
  }
}

/** Operations whose gradient is not the slope of their value. */
const exceptional: readonly OpName[] = ["stopGradient", "scan", "scanOutput"];

for (const op of operations.filter((op) => !exceptional.includes(op))) {
  Deno.test(`gradient of ${op}`, () => {
    for (let seed = 0; seed < 12; seed++) {
      const sampler = new Sampler({ seed, symbolic: seed % 2 === 1 });
      const loss = weigh(sampler, operationSamples[op](sampler));
      checkGradients(sampler, loss, `${op}, seed ${seed}`);
    }
  });
}

Deno.test("nothing flows through stopGradient", () => {
  const x = input("x", [2]);
  const y = add(multiply(stopGradient(x), x), stopGradient(x));
  assert.deepEqual(slopeAt(y, x, [], { x: [3, 4] }), [3, 4]);
});

Deno.test("a scan cannot be differentiated", () => {
  for (const op of ["scan", "scanOutput"] as const) {
    const sampler = new Sampler({ seed: 3 });
    const loss = weigh(sampler, operationSamples[op](sampler));
    const differentiate = () => gradient(loss, sampler.inputs);
    assert.throws(differentiate, /a scan cannot be differentiated/);
  }
});

Deno.test("gradients of empty inputs are empty", () => {
  const sampler = new Sampler({ seed: 1, rows: 0, symbolic: true });
  const weight = sampler.floats([3, 2]);
  const x = sampler.floats([sampler.leading, 3]);
  const loss = weigh(sampler, matmul(x, weight));
  checkGradients(sampler, loss, "empty product");
});

Deno.test("a value with several readers collects all their gradients", () => {
  const sampler = new Sampler({ seed: 5 });
  const x = sampler.floats([3, 3]);
  const squared = matmul(x, transpose(x));
  const loss = sum(multiply(add(squared, square(x)), add(x, mean(squared))));
  checkGradients(sampler, loss, "shared values");
});

/** The gradient of the sum of `y` at given inputs. */
function slopeAt(
  y: Node,
  x: Node<"input">,
  others: readonly Node<"input">[],
  feeds: Record<string, number[]>,
): number[] {
  const [slope] = gradient(sum(y), [x]);
  const values = Object.fromEntries(
    Object.entries(feeds).map(([name, data]) => [
      name,
      { data: Float32Array.from(data), shape: [data.length] },
    ]),
  );
  const program = makeProgram("slope", [x, ...others], { slope });
  return [...interpret(program, values).slope.data];
}

Deno.test("at a tie the first operand gets the gradient", () => {
  const [a, b] = [input("a", [2]), input("b", [2])];
  const feeds = { a: [1, 1], b: [1, 2] };
  assert.deepEqual(slopeAt(maximum(a, b), a, [b], feeds), [1, 0]);
  assert.deepEqual(slopeAt(maximum(a, b), b, [a], feeds), [0, 1]);
  assert.deepEqual(slopeAt(minimum(a, b), a, [b], feeds), [1, 1]);
  assert.deepEqual(slopeAt(minimum(a, b), b, [a], feeds), [0, 0]);
});

Deno.test("equal largest values share the gradient", () => {
  const x = input("x", [4]);
  const slope = slopeAt(reduceMax(x), x, [], { x: [3, 1, 3, 2] });
  assert.deepEqual(slope, [0.5, 0, 0.5, 0]);
});

Deno.test("gradients are zero where the loss does not depend", () => {
  const [x, other] = [input("x", [2]), input("other", [2, 3])];
  const [slope] = gradient(sum(x), [other]);
  const program = makeProgram("zero", [x, other], { slope });
  const result = interpret(program, {
    x: { data: Float32Array.of(1, 2), shape: [2] },
    other: { data: new Float32Array(6), shape: [2, 3] },
  });
  assert.deepEqual(result.slope.shape, [2, 3]);
  assert.deepEqual([...result.slope.data], [0, 0, 0, 0, 0, 0]);
});

Deno.test("the loss itself has gradient one", () => {
  const loss = sum(input("x", [2]));
  const [slope] = gradient(loss, [loss]);
  assert.deepEqual([...(slope as Node<"constant">).attributes.data], [1]);
});

Deno.test("a scan that the loss only reads through constants is fine", () => {
  const [x, rows] = [input("x", []), input("rows", [2])];
  const { carry } = scan({ total: constant(0) }, { row: rows }, (c, s) => ({
    carry: { total: add(c.total, s.row) },
    outputs: {},
  }));
  const [slope] = gradient(multiply(x, carry.total), [x]);
  const result = interpret(makeProgram("slope", [x, rows], { slope }), {
    x: { data: Float32Array.of(5), shape: [] },
    rows: { data: Float32Array.of(2, 3), shape: [2] },
  });
  assert.deepEqual([...result.slope.data], [5]);
});

Deno.test("only one float32 number can be a loss", () => {
  const wanted = /the loss must be one float32 number/;
  const x = input("x", [2]);
  assert.throws(() => gradient(x, [x]), wanted);
  assert.throws(() => gradient(cast(sum(x), "int32"), [x]), wanted);
});
