import assert from "node:assert/strict";
import { Replay } from "../../lib/data/replay.ts";
import { Rollout } from "../../lib/data/rollout.ts";
import { UserError } from "../../lib/errors.ts";
import {
  type BehaviorSpec,
  type ObservationSpec,
  vectorObservation,
} from "../../lib/spec.ts";
import { RandomGenerator } from "../../lib/util/random.ts";

const image: ObservationSpec = {
  name: "camera",
  shape: [1, 1, 2],
  dimensionProperties: [0, 0, 0],
  observationType: "default",
};
const spec: BehaviorSpec = {
  observationSpecs: [vectorObservation(1), image],
  actionSpec: { continuousSize: 1, discreteBranches: [3] },
};
const memorySizes = [2];

/** A rollout whose row `r` is all about the number `r`. */
function numberedRollout(rows: number): Rollout {
  const rollout = new Rollout(spec, rows, memorySizes);
  for (let row = 0; row < rows; row++) {
    rollout.observations[0][row] = row;
    rollout.observations[1].set([row % 256 / 255, 1], 2 * row);
    rollout.continuous[row] = -row;
    rollout.discrete[row] = row % 3;
    rollout.mask.set([1, row % 2, 1], 3 * row);
    rollout.rewards[row] = row / 2;
    rollout.memories[0].set([row, row + 1], 2 * row);
  }
  return rollout;
}

/** What the replay holds, as plain lists: a slot is a list of steps. */
interface Step {
  readonly row: number;
  readonly next: number;
  readonly done: boolean;
}

/** The same as a replay, in the simplest way. */
class PlainReplay {
  slots: Step[][] = [];
  readonly #slotOf = new Map<number, Step[]>();

  constructor(readonly capacity: number, readonly length: number) {}

  append(agent: number, step: Step, isLast: boolean): void {
    let slot = this.#slotOf.get(agent);
    if (!slot || slot.length === this.length || !this.slots.includes(slot)) {
      slot = [];
      this.slots.push(slot);
      if (this.slots.length > Math.floor(this.capacity / this.length)) {
        this.slots.shift();
      }
    }
    slot.push(step);
    if (isLast) this.#slotOf.delete(agent);
    else this.#slotOf.set(agent, slot);
  }

  forget(agent: number): void {
    this.#slotOf.delete(agent);
  }
}

/** Everything in a replay, slot by slot from the oldest. */
function contents(replay: Replay, slots: number): Step[][] {
  const length = replay.sequenceLength;
  return Array.from({ length: slots }, (_, age) => {
    const random = new RandomGenerator(0);
    random.integer = () => age;
    const sample = replay.sample(random, 1);
    const steps: Step[] = [];
    for (let i = 0; i < length && sample.rowMask[i] === 1; i++) {
      const row = sample.observations[0][i];
      const next = sample.nextObservations[0][i];
      steps.push({ row, next, done: sample.done[i] === 1 });
      assert.equal(sample.continuous[i], -row);
      assert.equal(sample.discrete[i], row % 3);
      assert.deepEqual([...sample.mask.subarray(3 * i, 3 * i + 3)], [
        1,
        row % 2,
        1,
      ]);
      assert.equal(sample.rewards[i], row / 2);
      const pixels = (
        values: Float32Array,
      ) => [...values.subarray(2 * i, 2 * i + 2)];
      const pixelsOf = (row: number) => [Math.fround(row % 256 / 255), 1];
      assert.deepEqual(pixels(sample.observations[1]), pixelsOf(row));
      assert.deepEqual(pixels(sample.nextObservations[1]), pixelsOf(next));
    }
    assert(sample.rowMask.subarray(steps.length).every((mask) => mask === 0));
    const [{ row }] = steps;
    assert.deepEqual([...sample.memories[0]], [row, row + 1]);
    return steps;
  });
}

/** Three agents that step, end and are lost, as a generator has it. */
class World {
  readonly #random: RandomGenerator;
  readonly #rollout = numberedRollout(1000);
  readonly #decisions = new Map<number, number>();
  #rows = 0;

  constructor(seed: number) {
    this.#random = new RandomGenerator(seed, "world");
  }

  /** From `low` to `high`. */
  draw(low: number, high: number): number {
    return low + this.#random.integer(high - low + 1);
  }

  /** Lets a number of things happen to replays and to their plain picture. */
  happen(times: number, replays: readonly Replay[], plain: PlainReplay): void {
    for (let i = 0; i < times; i++) {
      const agent = this.draw(0, 2);
      const kind = this.draw(0, 9);
      if (kind === 0) {
        this.#decisions.delete(agent);
        replays.forEach((each) => each.forgetAgents((one) => one === agent));
        plain.forget(agent);
        continue;
      }
      const row = this.#decisions.get(agent) ?? this.#rows++;
      const isDone = kind === 1;
      const isLast = isDone || kind === 2;
      const nextRow = this.#rows++;
      for (const replay of replays) {
        replay.append(this.#rollout, { agent, row, nextRow, isLast, isDone });
      }
      plain.append(agent, { row, next: nextRow, done: isDone }, isLast);
      if (isLast) this.#decisions.delete(agent);
      else this.#decisions.set(agent, nextRow);
    }
  }
}

const seeds = Array.from({ length: 200 }, (_, seed) => seed);

Deno.test("a replay holds what a plain list of slots would", () => {
  for (const seed of seeds) {
    const world = new World(seed);
    const capacity = world.draw(4, 24);
    const sequenceLength = world.draw(1, 4);
    const replay = new Replay({ spec, memorySizes, capacity, sequenceLength });
    const plain = new PlainReplay(capacity, sequenceLength);
    for (let round = 0; round < 20; round++) {
      world.happen(world.draw(1, 10), [replay], plain);
      assert.equal(replay.rows, plain.slots.length * sequenceLength);
      assert.deepEqual(contents(replay, plain.slots.length), plain.slots);
    }
    assert(replay.rows > capacity - sequenceLength, "all slots are in use");
    assert(replay.rows <= capacity);
  }
});

Deno.test("a replay goes on from a snapshot as if nothing had happened", () => {
  for (const seed of seeds) {
    const world = new World(seed);
    const capacity = world.draw(4, 24);
    const sequenceLength = world.draw(1, 4);
    const options = { spec, memorySizes, capacity, sequenceLength };
    const replay = new Replay(options);
    const restored = new Replay(options);
    const plain = new PlainReplay(capacity, sequenceLength);
    world.happen(world.draw(0, 50), [replay], plain);
    restored.restore(replay.snapshot());
    assert.deepEqual(restored.snapshot(), replay.snapshot());
    world.happen(world.draw(0, 50), [replay, restored], plain);
    assert.deepEqual(restored.snapshot(), replay.snapshot());
    assert.deepEqual(contents(restored, plain.slots.length), plain.slots);
  }
});

Deno.test("a smaller replay takes over the newest part", () => {
  for (const seed of seeds) {
    const world = new World(seed);
    const large = new Replay({ spec, memorySizes, capacity: 100 });
    const small = new Replay({ spec, memorySizes, capacity: 7 });
    const plain = new PlainReplay(7, 1);
    world.happen(world.draw(0, 50), [large], plain);
    small.restore(large.snapshot());
    world.happen(world.draw(0, 50), [small], plain);
    assert.deepEqual(contents(small, plain.slots.length), plain.slots);
  }
});

Deno.test("all finished steps are drawn about as often", () => {
  const replay = new Replay({ spec, memorySizes, capacity: 10 });
  new World(1).happen(40, [replay], new PlainReplay(10, 1));
  const { observations } = replay.sample(new RandomGenerator(1), 20_000);
  const counts = new Map<number, number>();
  for (const row of observations[0]) {
    counts.set(row, (counts.get(row) ?? 0) + 1);
  }
  assert.equal(counts.size, 10);
  for (const count of counts.values()) assert(Math.abs(count - 2000) < 200);
});

Deno.test("values that are no brightness make a camera's column floats", () => {
  const replay = new Replay({ spec, memorySizes, capacity: 4 });
  const rollout = numberedRollout(8);
  const seen = [[0, 1], [0.5, 3e8], [1 / 255, -1]];
  seen.forEach((values, row) => {
    rollout.observations[1].set(values, 2 * row);
    const transition = { agent: row, row, nextRow: -1 };
    replay.append(rollout, { ...transition, isLast: true, isDone: true });
  });
  const restored = new Replay({ spec, memorySizes, capacity: 4 });
  restored.restore(replay.snapshot());
  for (const each of [replay, restored]) {
    const { observations } = each.sample(new RandomGenerator(2), 50);
    for (let i = 0; i < 50; i++) {
      assert.deepEqual(
        observations[1].subarray(2 * i, 2 * i + 2),
        Float32Array.from(seen[observations[0][i]]),
      );
    }
  }
});

const megabyte = 1e6;

/** Lets one agent live on, in episodes of 1000 steps that are cut. */
function fill(replay: Replay, rollout: Rollout, steps: number): void {
  for (let step = 1; step <= steps; step++) {
    const isLast = step % 1000 === 0;
    const transition = { agent: 0, row: 0, nextRow: 1, isLast };
    replay.append(rollout, { ...transition, isDone: false });
  }
}

Deno.test("500,000 steps of 8 floats and 2 actions take 40 MB at most", () => {
  const spec = {
    observationSpecs: [vectorObservation(8)],
    actionSpec: { continuousSize: 2, discreteBranches: [] },
  };
  const replay = new Replay({ spec, capacity: 500_000 });
  fill(replay, new Rollout(spec, 2), 600_000);
  assert.equal(replay.rows, 500_000);
  assert(replay.byteLength <= 40 * megabyte, `${replay.byteLength} bytes`);
});

Deno.test("10,000 images of 84 x 84 x 3 take 220 MB at most", () => {
  const spec = {
    observationSpecs: [{ ...image, shape: [3, 84, 84] }],
    actionSpec: { continuousSize: 2, discreteBranches: [] },
  };
  const replay = new Replay({ spec, capacity: 10_000 });
  fill(replay, new Rollout(spec, 2), 11_000);
  assert.equal(replay.rows, 10_000);
  assert(replay.byteLength <= 220 * megabyte, `${replay.byteLength} bytes`);
});

Deno.test("a replay of another spec changes nothing", () => {
  const other = {
    ...spec,
    actionSpec: { continuousSize: 1, discreteBranches: [4] },
  };
  const plain = new PlainReplay(10, 1);
  const replay = new Replay({ spec, memorySizes, capacity: 10 });
  new World(3).happen(40, [replay], plain);
  const before = replay.snapshot();
  const saved = new Replay({ spec: other, memorySizes, capacity: 5 });
  assert.throws(
    () => replay.restore(saved.snapshot()),
    (error) =>
      error instanceof UserError &&
      error.message.includes('"mask" does not fit') &&
      error.message.includes("[0, 4]") && error.message.includes("[0, 3]"),
  );
  assert.throws(() => replay.restore({}), UserError);
  assert.deepEqual(replay.snapshot(), before);
});

Deno.test("a replay that no memory can hold is refused", () => {
  assert.throws(
    () => new Replay({ spec, capacity: 2 ** 50 }),
    (error) =>
      error instanceof UserError && error.message.includes("buffer_size"),
  );
});
