import assert from "node:assert/strict";
import {
  Box,
  Discrete,
  MultiDiscrete,
  type Space,
  TupleSpace,
} from "../../../lib/env/wrappers/spaces.ts";
import { RandomGenerator } from "../../../lib/util/random.ts";

/** Many samples of a seeded generator. */
function samples<T>(space: Space<T>, mask?: Uint8Array): T[] {
  const random = new RandomGenerator(1);
  return Array.from({ length: 1000 }, () => space.sample(random, mask));
}

Deno.test("every space contains what is drawn from it, seeded", () => {
  const box = new Box(-1, 0.7, [2, 3]);
  const discrete = new Discrete(3);
  const spaces: readonly Space<unknown>[] = [
    box,
    new Box(-Infinity, Infinity, [1]),
    new Box(0.1, Infinity, []),
    new Box(-Infinity, -2, [2]),
    discrete,
    new MultiDiscrete([2, 4]),
    new TupleSpace<unknown>([box, discrete]),
    new Box(-1, 1, [0]),
  ];
  for (const space of spaces) {
    const drawn = samples(space);
    assert(drawn.every((value) => space.contains(value)));
    assert.deepEqual(samples(space), drawn);
  }
});

Deno.test("boxes are drawn by the kind of their bounds", () => {
  const draw = (low: number, high: number) =>
    samples(new Box(low, high, [1])).map(([value]) => value);
  const mean = (values: number[]) =>
    values.reduce((sum, value) => sum + value) / values.length;
  assert(Math.abs(mean(draw(2, 4)) - 3) < 0.05);
  assert(Math.abs(mean(draw(-Infinity, Infinity))) < 0.1);
  // The mean of an exponential distribution of rate 1.
  assert(Math.abs(mean(draw(5, Infinity)) - 6) < 0.1);
  assert(Math.abs(mean(draw(-Infinity, 5)) - 4) < 0.1);
});

Deno.test("boxes contain arrays of their size within their bounds", () => {
  const box = new Box(0.1, 0.7, [2]);
  // The nearest 32-bit numbers count as the bounds.
  assert(box.contains(Float32Array.of(0.1, 0.7)));
  for (
    const other of [
      Float32Array.of(0.1),
      Float32Array.of(0.1, 0.2, 0.3),
      Float32Array.of(0.1, 0.71),
      Float32Array.of(0.1, NaN),
      [0.1, 0.2],
      0.1,
      null,
    ]
  ) assert(!box.contains(other));
});

Deno.test("choices are whole numbers below their size", () => {
  const discrete = new Discrete(3);
  for (const value of [0, 2]) assert(discrete.contains(value));
  for (const value of [-1, 3, 0.5, NaN, "1", null]) {
    assert(!discrete.contains(value));
  }
  const several = new MultiDiscrete([2, 3]);
  assert(several.contains(Int32Array.of(1, 2)));
  for (const value of [[1, 2], Int32Array.of(2, 2), Int32Array.of(1)]) {
    assert(!several.contains(value));
  }
});

Deno.test("masks rule choices out, branch after branch", () => {
  const drawn = new Set(samples(new Discrete(3), Uint8Array.of(1, 0, 1)));
  assert.deepEqual([...drawn].sort(), [0, 2]);
  const mask = Uint8Array.of(0, 1, 1, 0, 1);
  const several = new MultiDiscrete([2, 3]);
  const pairs = new Set(samples(several, mask).map((pair) => pair.join()));
  assert.deepEqual([...pairs].sort(), ["1,0", "1,2"]);
  // The mask is that of the discrete part.
  const tuple = new TupleSpace<unknown>([new Box(-1, 1, [1]), several]);
  for (const [, choices] of samples(tuple, mask)) {
    assert(several.contains(choices));
    assert(pairs.has(choices.join()));
  }
});

Deno.test("tuples contain one value of each space", () => {
  const tuple = new TupleSpace([new Discrete(2), new Discrete(3)]);
  assert(tuple.contains([1, 2]));
  for (const value of [[2, 1], [1], [1, 2, 0], Int32Array.of(1, 2), 1]) {
    assert(!tuple.contains(value));
  }
});
