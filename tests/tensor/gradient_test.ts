import assert from "node:assert/strict";
import {
  add,
  cast,
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
import { shapeRules } from "../../lib/tensor/shape_rules.ts";
import { checkGradients, weigh } from "../support/check_gradients.ts";
import { operationSamples } from "../support/operation_samples.ts";
import { drawRows } from "../support/row_samples.ts";
import { Sampler } from "../support/sampler.ts";

const operations = Object.keys(shapeRules) as OpName[];

Deno.test("every operation has samples", () => {
  assert.deepEqual(Object.keys(operationSamples).sort(), operations.sort());
});

/** Operations whose gradient is not the slope of their value. */
const exceptional: readonly OpName[] = ["stopGradient"];

for (const op of operations.filter((op) => !exceptional.includes(op))) {
  Deno.test(`gradient of ${op}`, () => {
    for (let seed = 0; seed < 12; seed++) {
      const sampler = new Sampler({ seed, symbolic: seed % 2 === 1 });
      const loss = weigh(sampler, operationSamples[op](sampler));
      checkGradients(sampler, loss, `${op}, seed ${seed}`);
    }
  });
}

Deno.test("gradient of rows cut apart and put together", () => {
  for (let seed = 0; seed < 24; seed++) {
    const sampler = new Sampler({ seed, symbolic: seed % 4 > 0 });
    const loss = weigh(sampler, drawRows(sampler));
    checkGradients(sampler, loss, `rows, seed ${seed}`);
  }
});

Deno.test("nothing flows through stopGradient", () => {
  const x = input("x", [2]);
  const y = add(multiply(stopGradient(x), x), stopGradient(x));
  assert.deepEqual(slopeAt(y, x, [], { x: [3, 4] }), [3, 4]);
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

Deno.test("nothing flows from one parameter into another", () => {
  const x = input("x", [2]);
  const y = multiply(x, 3);
  const [first, second] = gradient(sum(multiply(x, y)), [x, y]);
  const result = interpret(makeProgram("slopes", [x], { first, second }), {
    x: { data: Float32Array.of(1, 2), shape: [2] },
  });
  assert.deepEqual([...result.first.data], [3, 6]);
  assert.deepEqual([...result.second.data], [1, 2]);
});

Deno.test("only one float32 number can be a loss", () => {
  const wanted = /the loss must be one float32 number/;
  const x = input("x", [2]);
  assert.throws(() => gradient(x, [x]), wanted);
  assert.throws(() => gradient(cast(sum(x), "int32"), [x]), wanted);
});
