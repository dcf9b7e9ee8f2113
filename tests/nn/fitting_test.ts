/** Small learning tasks of the reference (section 10.3), with its limits. */
import assert from "node:assert/strict";
import { encodeEntities } from "../../lib/nn/entity_encoder.ts";
import { xavierUniform } from "../../lib/nn/initializers.ts";
import { dense } from "../../lib/nn/layers.ts";
import { networkBody } from "../../lib/nn/network_body.ts";
import { visualEncoders } from "../../lib/nn/visual_encoders.ts";
import {
  add,
  log,
  mean,
  multiply,
  softmax,
  square,
  subtract,
  sum,
} from "../../lib/tensor/build.ts";
import type { Node } from "../../lib/tensor/operation.ts";
import type { NamedArray } from "../../lib/util/arrays.ts";
import { RandomGenerator } from "../../lib/util/random.ts";
import { fit } from "../support/fit.ts";
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

for (
  const [name, sensor, steps] of [
    ["a vector", vectorSensor(4), 300],
    ["an image", visualSensor([3, 84, 84]), 200],
  ] as const
) {
  Deno.test(`a body over ${name} learns to say 1 everywhere`, () => {
    const settings = networkSettings([sensor], { hidden_units: 16 });
    const size = sensor.shape.reduce((product, dim) => product * dim, 1);
    const example = column([1, size], uniform);
    const examples = new Float32Array(steps * size);
    for (let i = 0; i < steps; i++) examples.set(example.data, i * size);
    const worst = fit({
      columns: { x: { data: examples, shape: [steps, size] } },
      batch: 1,
      steps,
      rate: 3e-3,
      seed: 1,
      loss: (scope, { x }) =>
        mean(square(subtract(networkBody(scope.at("n"), [x], settings), 1))),
    });
    // No output is off by more than the root of all squares together.
    assert(Math.sqrt(16 * last(worst)) < 0.1, `${last(worst)}`);
  });
}

Deno.test("a body with a goal learns a sum that counts only with it", () => {
  const [batch, steps] = [200, 300];
  const x = column([batch * steps, 10], uniform);
  const goal = column([batch * steps, 1], () => random.integer(2));
  const target = column([batch * steps, 1], (row) =>
    goal.data[row] *
    x.data.subarray(row * 10, row * 10 + 10).reduce((a, b) => a + b));
  const sensors = [vectorSensor(10), vectorSensor(1, "goal")];
  const settings = networkSettings(sensors, { hidden_units: 16 });
  const losses = fit({
    columns: { x, goal, target },
    batch,
    steps,
    rate: 1e-3,
    seed: 3,
    loss: (scope, { x, goal, target }) => {
      const code = networkBody(scope.at("n"), [x, goal], settings);
      const y = dense(scope.at("out"), code, 1, xavierUniform(1));
      return halfSquares(y, target);
    },
  });
  assert(last(losses) < 0.02, `${last(losses)}`);
});

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
