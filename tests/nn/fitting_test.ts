/** Small learning tasks of the reference (section 10.3), with its limits. */
import assert from "node:assert/strict";
import { encodeEntities } from "../../lib/nn/entity_encoder.ts";
import { xavierUniform } from "../../lib/nn/initializers.ts";
import { hyperBody } from "../../lib/nn/hyper_body.ts";
import { dense } from "../../lib/nn/layers.ts";
import { lstmSequences, type Recurrence } from "../../lib/nn/lstm.ts";
import { networkBody } from "../../lib/nn/network_body.ts";
import type { ParameterScope } from "../../lib/nn/parameters.ts";
import { valueHeads } from "../../lib/nn/policy.ts";
import { visualEncoders } from "../../lib/nn/visual_encoders.ts";
import {
  add,
  concat,
  log,
  mean,
  multiply,
  type Nodes,
  reshape,
  slice,
  softmax,
  square,
  subtract,
  sum,
} from "../../lib/tensor/build.ts";
import type { Node } from "../../lib/tensor/operation.ts";
import type { NamedArray } from "../../lib/util/arrays.ts";
import { RandomGenerator } from "../../lib/util/random.ts";
import { fit, type FitOptions, offTarget } from "../support/fit.ts";
import {
  networkSettings,
  vectorSensor,
  visualSensor,
} from "../support/sensors.ts";

const random = new RandomGenerator(1337, "tasks");

function column(
  shape: readonly number[],
  draw: (i: number) => number,
): NamedArray<Float32Array> {
  const length = shape.reduce((product, size) => product * size, 1);
  return { data: Float32Array.from({ length }, (_, i) => draw(i)), shape };
}

const uniform = () => random.uniform();
const halfSquares = (prediction: Node, target: Node) =>
  multiply(mean(square(subtract(prediction, target))), 0.5);
const last = (losses: Float32Array) => losses[losses.length - 1];

/** Every output ends within 0.1 of 1. */
function assertOnes(
  options: Omit<FitOptions, "loss" | "seed">,
  outputs: Outputs,
): void {
  const worst = fit({
    ...options,
    seed: 1,
    loss: (scope, examples) => offTarget(outputs(scope, examples), 1),
  });
  assert(last(worst) < 0.1, `up to ${last(worst)}`);
}

type Outputs = (scope: ParameterScope, examples: Nodes) => Node;

/** The same rows `[rows, width]` for every step. */
function repeated(
  rows: number,
  width: number,
  steps: number,
  draw: () => number,
): NamedArray<Float32Array> {
  const { data } = column([rows, width], draw);
  const all = new Float32Array(steps * data.length);
  for (let i = 0; i < steps; i++) all.set(data, i * data.length);
  return { data: all, shape: [steps * rows, width] };
}

for (const actions of [0, 2]) {
  const kind = actions > 0 ? " and actions" : "";
  Deno.test(`a body over a vector${kind} learns to say 1 everywhere`, () => {
    const steps = 300;
    const settings = networkSettings([vectorSensor(4)], { hidden_units: 128 });
    assertOnes(
      {
        columns: {
          x: repeated(1, 4, steps, uniform),
          ...(actions > 0 && { taken: repeated(1, actions, steps, uniform) }),
        },
        batch: 1,
        steps,
        rate: 3e-3,
      },
      (scope, { x, taken }) =>
        networkBody(scope.at("n"), [x], settings, undefined, taken),
    );
  });
}

Deno.test("a body over an image learns to say 1 everywhere", () => {
  const [steps, hidden] = [200, 16];
  const shape = [3, 84, 84] as const;
  const settings = networkSettings([visualSensor(shape)], {
    hidden_units: hidden,
  });
  assertOnes({
    columns: { x: repeated(1, 3 * 84 * 84, steps, uniform) },
    batch: 1,
    steps,
    rate: 3e-3,
  }, (scope, { x }) => networkBody(scope.at("n"), [x], settings));
});

Deno.test("a body with a memory learns to say 1 at every step", () => {
  const [steps, length, memorySize] = [300, 6, 12];
  const settings = networkSettings([vectorSensor(4)], { hidden_units: 128 });
  assertOnes({
    columns: {
      x: repeated(length, 4, steps, () => 1),
      // One row for each of the sequence; the first one is read.
      memory: repeated(length, memorySize, steps, () => 1),
    },
    batch: length,
    steps,
    rate: 3e-4,
  }, (scope, { x, memory }) => {
    const before = slice(memory, 0, 0, 1);
    const remember: Recurrence = (scope, code) =>
      lstmSequences(scope, reshape(code, [1, length, 128]), before).outputs;
    return networkBody(scope.at("n"), [x], settings, remember);
  });
});

Deno.test("four value heads of two outputs learn to say 1", () => {
  const [steps, signals, outputs] = [50, 4, 2];
  const settings = networkSettings([vectorSensor(4)], { hidden_units: 128 });
  assertOnes({
    columns: { x: repeated(1, 4, steps, () => 1) },
    batch: 1,
    steps,
    rate: 3e-3,
  }, (scope, { x }) => {
    const code = networkBody(scope.at("n"), [x], settings);
    return valueHeads(scope, code, signals, outputs);
  });
});

for (const generated of [1, 2, 3]) {
  Deno.test(`a plain layer and ${generated} made by a goal learn a sum that counts only with it`, () => {
    const [batch, steps, hidden_units] = [200, 300, 16];
    const x = column([batch * steps, 10], uniform);
    const goal = column([batch * steps, 1], () => random.integer(2));
    const target = column([batch * steps, 1], (row) =>
      goal.data[row] *
      x.data.subarray(row * 10, row * 10 + 10).reduce((a, b) => a + b));
    const losses = fit({
      columns: { x, goal, target },
      batch,
      steps,
      rate: 1e-3,
      seed: 3,
      loss: (scope, { x, goal, target }) => {
        let code = concat([x, goal], 1);
        for (let layer = 0; layer < generated; layer++) {
          // The first body brings the plain layer.
          const num_layers = layer === 0 ? 2 : 1;
          const settings = { hidden_units, num_layers };
          code = hyperBody(scope.at(layer), code, goal, settings);
        }
        const y = dense(scope.at("out"), code, 1, xavierUniform(1));
        return halfSquares(y, target);
      },
    });
    assert(last(losses) < 0.02, `${last(losses)}`);
  });
}

Deno.test("attention learns where the nearest entity is", () => {
  const [batch, steps, count, size] = [200, 200, 5, 3];
  const self = column([batch * steps, size], uniform);
  const entities = column([batch * steps, count, size], uniform);
  const target = new Float32Array(batch * steps * size);
  for (let row = 0; row < batch * steps; row++) {
    const own = self.data.subarray(row * size, (row + 1) * size);
    const others = Array.from({ length: count }, (_, i) => {
      const start = (row * count + i) * size;
      return entities.data.subarray(start, start + size);
    });
    const distance = (other: Float32Array) =>
      other.reduce((sum, x, i) => sum + (x - own[i]) ** 2, 0);
    others.sort((a, b) => distance(a) - distance(b));
    target.set(others[0], row * size);
  }
  const losses = fit({
    columns: {
      self,
      entities,
      target: { data: target, shape: [batch * steps, size] },
    },
    batch,
    steps,
    rate: 1e-3,
    seed: 1,
    loss: (scope, { self, entities, target }) => {
      const code = encodeEntities(scope.at("e"), [entities], self);
      const y = dense(scope.at("out"), code, size, xavierUniform(1));
      return halfSquares(y, target);
    },
  });
  assert(last(losses) < 0.02, `${last(losses)}`);
});

Deno.test("attention learns which entity is the smallest of up to five", () => {
  const [batch, steps, most] = [200, 400, 5];
  const rows = batch * steps;
  const entities = new Float32Array(rows * most * (most + 1));
  const target = new Float32Array(rows * most);
  for (let row = 0; row < rows; row++) {
    const numbers = Array.from({ length: 3 + random.integer(3) }, uniform);
    numbers.forEach((value, i) => {
      const start = (row * most + i) * (most + 1);
      entities[start] = value;
      entities[start + 1 + i] = 1;
    });
    target[row * most + numbers.indexOf(Math.min(...numbers))] = 1;
  }
  const losses = fit({
    columns: {
      entities: { data: entities, shape: [rows, most, most + 1] },
      target: { data: target, shape: [rows, most] },
    },
    batch,
    steps,
    rate: 1e-3,
    seed: 1,
    loss: (scope, { entities, target }) => {
      const code = encodeEntities(scope.at("e"), [entities]);
      const logits = dense(scope.at("out"), code, most, xavierUniform(1));
      const chosen = sum(multiply(softmax(logits), target), [1]);
      return multiply(mean(log(add(chosen, 1e-7))), -1);
    },
  });
  const end = losses.slice(-20).reduce((a, b) => a + b) / 20;
  assert(end < 0.1, `${end}`);
});

/** The task's rate is too large for one dense layer over all pixels. */
const encoders = ["simple", "nature_cnn", "resnet", "match3"] as const;

for (const name of encoders) {
  Deno.test(`${name} learns to tell black images from white ones`, () => {
    const side = name === "match3" ? 10 : 36;
    const steps = 25;
    const shape = [2 * steps, 3, side, side];
    const size = 3 * side * side;
    // All black ones are the same, so one of each does for a hundred.
    const losses = fit({
      columns: {
        images: column(shape, (i) => Math.floor(i / size) % 2),
        target: column([2 * steps, 1], (i) => i % 2),
      },
      batch: 2,
      steps,
      rate: 1e-3,
      seed: 1,
      loss: (scope, { images, target }) => {
        const { encode } = visualEncoders[name];
        const code = encode(scope.at("v"), images, 16);
        const y = dense(scope.at("out"), code, 1, xavierUniform(1));
        return mean(square(subtract(y, target)));
      },
    });
    assert(last(losses) < 0.05, `${last(losses)}`);
  });
}
