/** What every environment must keep to, whatever its world. */
import assert from "node:assert/strict";
import { randomActions } from "../../lib/env/actions.ts";
import type { Environment } from "../../lib/env/env.ts";
import { UserError } from "../../lib/errors.ts";
import {
  branchTotal,
  observationSize,
  parseBehaviorName,
} from "../../lib/spec.ts";
import { RandomGenerator } from "../../lib/util/random.ts";
import { EnvironmentDriver } from "../support/environment_driver.ts";

type Make = (seed: number) => Environment | Promise<Environment>;

/**
 * Registers the tests of the `Environment` interface for one environment.
 * `make` gives a fresh one that has not been reset; equal seeds give equal
 * worlds.
 */
export function environmentConformance(name: string, make: Make): void {
  const test = (
    what: string,
    body: (environment: Environment) => void | Promise<void>,
  ) =>
    Deno.test(`${name}: ${what}`, async () => {
      const environment = await make(1);
      try {
        await body(environment);
      } finally {
        await environment.close();
      }
    });
  const withSecond = async (
    seed: number,
    body: (other: Environment) => Promise<void>,
  ) => {
    const other = await make(seed);
    try {
      await body(other);
    } finally {
      await other.close();
    }
  };

  test("specs have shapes, properties and actions", async (environment) => {
    await environment.reset();
    assert(environment.behaviorSpecs.size > 0);
    for (const [behavior, spec] of environment.behaviorSpecs) {
      assert(parseBehaviorName(behavior).name.length > 0);
      assert(spec.observationSpecs.length > 0);
      for (const sensor of spec.observationSpecs) {
        assert(sensor.shape.every((size) => Number.isInteger(size)));
        assert(observationSize(sensor) > 0);
        assert.equal(sensor.dimensionProperties.length, sensor.shape.length);
      }
      const { continuousSize, discreteBranches } = spec.actionSpec;
      assert(continuousSize + discreteBranches.length > 0);
      assert(discreteBranches.every((size) => size >= 1));
    }
  });

  test("a reset gives first decisions and nothing else", async (environment) => {
    await environment.reset();
    let decisions = 0;
    for (const behavior of environment.behaviorSpecs.keys()) {
      const { decision, terminal } = environment.getSteps(behavior);
      decisions += decision.count;
      assert.equal(terminal.count, 0);
    }
    assert(decisions > 0);
  });

  test("columns hold sound values for every record", async (environment) => {
    const driver = new EnvironmentDriver(environment);
    await driver.reset();
    for (let i = 0; i < 300; i++) {
      for (const [behavior, spec] of environment.behaviorSpecs) {
        const { decision, terminal } = environment.getSteps(behavior);
        for (const columns of [decision, terminal]) {
          const { count } = columns;
          assert(Number.isInteger(count) && count >= 0);
          assert.equal(
            columns.observations.length,
            spec.observationSpecs.length,
          );
          spec.observationSpecs.forEach((sensor, s) => {
            const values = columns.observations[s];
            const length = count * observationSize(sensor);
            assert(values.length >= length);
            assert(values.subarray(0, length).every(Number.isFinite));
          });
          for (const rewards of [columns.rewards, columns.groupRewards]) {
            assert(rewards.length >= count);
            assert(rewards.subarray(0, count).every(Number.isFinite));
          }
          assert(columns.agentIds.length >= count);
          assert(columns.groupIds.length >= count);
        }
        assert(terminal.interrupted.length >= terminal.count);
        const ends = terminal.interrupted.subarray(0, terminal.count);
        assert(ends.every((flag) => flag === 0 || flag === 1));
        if (decision.actionMask) {
          const length = decision.count * branchTotal(spec.actionSpec);
          assert(decision.actionMask.length >= length);
        }
      }
      await driver.step();
    }
  });

  test("episodes begin with a decision and end with one terminal record", async (environment) => {
    const driver = new EnvironmentDriver(environment);
    const episodes = new Episodes(environment);
    await driver.reset();
    episodes.follow();
    for (let i = 0; i < 500; i++) {
      await driver.step();
      episodes.follow();
    }
    assert(episodes.ended > 0, "no episode ended within 500 steps");
    episodes.assertNoneVanished();
  });

  test("a reset drops unfinished episodes", async (environment) => {
    const driver = new EnvironmentDriver(environment);
    await driver.reset();
    for (let i = 0; i < 3; i++) await driver.step();
    await driver.reset();
    const episodes = new Episodes(environment);
    episodes.follow();
    for (let i = 0; i < 100; i++) {
      await driver.step();
      episodes.follow();
    }
    episodes.assertNoneVanished();
  });

  test("the same seed gives the same bytes", async (environment) => {
    await withSecond(1, async (other) => {
      const driver = new EnvironmentDriver(environment);
      const otherDriver = new EnvironmentDriver(other);
      await driver.reset();
      await otherDriver.reset();
      for (let i = 0; i < 200; i++) {
        assert.deepEqual(driver.records(), otherDriver.records());
        await driver.step();
        await otherDriver.step();
      }
    });
  });

  test("actions that are not set are zero", async (environment) => {
    await withSecond(1, async (other) => {
      const driver = new EnvironmentDriver(environment);
      const otherDriver = new EnvironmentDriver(other);
      await driver.reset();
      await otherDriver.reset();
      for (let i = 0; i < 50; i++) {
        assert.deepEqual(driver.records(), otherDriver.records());
        // Both remember a random action now and then, so that zero is news.
        if (i % 2 === 0) {
          await driver.step();
          await otherDriver.step();
        } else {
          await driver.step("zero");
          await other.step();
        }
      }
    });
  });

  test("actions agent by agent are those of all agents at once", async (environment) => {
    await withSecond(1, async (other) => {
      const random = new RandomGenerator(5);
      await environment.reset();
      await other.reset();
      const records = [environment, other].map((each) =>
        new EnvironmentDriver(each)
      );
      for (let i = 0; i < 100; i++) {
        for (const [behavior, { actionSpec }] of environment.behaviorSpecs) {
          const { decision } = environment.getSteps(behavior);
          const actions = randomActions(actionSpec, decision, random);
          environment.setActions(behavior, actions);
          // From last to first: agents are told apart by their ids.
          for (let row = decision.count - 1; row >= 0; row--) {
            other.setAction(behavior, decision.agentIds[row], {
              continuous: rowOf(actions.continuous, row, decision.count),
              discrete: rowOf(actions.discrete, row, decision.count),
            });
          }
        }
        await environment.step();
        await other.step();
        assert.deepEqual(records[0].records(), records[1].records());
      }
    });
  });

  test("wrong names and actions are refused with a cure", async (environment) => {
    await environment.reset();
    const none = { continuous: new Float32Array(), discrete: new Int32Array() };
    assert.throws(() => environment.getSteps("No such?team=0"), UserError);
    assert.throws(
      () => environment.setActions("No such?team=0", none),
      UserError,
    );
    for (const [behavior, spec] of environment.behaviorSpecs) {
      const { count } = environment.getSteps(behavior).decision;
      const { continuousSize, discreteBranches } = spec.actionSpec;
      const set = (continuous: number, discrete: number, value = 0) =>
        environment.setActions(behavior, {
          continuous: new Float32Array(continuous).fill(value),
          discrete: new Int32Array(discrete),
        });
      const continuous = count * continuousSize;
      const discrete = count * discreteBranches.length;
      assert.throws(() => set(continuous + 1, discrete), UserError);
      assert.throws(() => set(continuous, discrete + 1), UserError);
      if (continuous > 0) {
        assert.throws(() => set(continuous - 1, discrete), UserError);
        assert.throws(() => set(continuous, discrete, NaN), UserError);
      }
      set(continuous, discrete);
      const unknown = () => environment.setAction(behavior, -12_345, {});
      assert.throws(unknown, /does not wait for an action/);
    }
    assert.throws(() => environment.setAction("No such", 0, {}), UserError);
    await environment.step();
  });

  test("a snapshot continues with the same bytes elsewhere", async (environment) => {
    if (!environment.snapshot) {
      console.log(`skipped: ${name} takes no snapshots`);
      return;
    }
    const driver = new EnvironmentDriver(environment);
    await driver.reset();
    for (let i = 0; i < 500; i++) await driver.step();
    const state = environment.snapshot();
    const random = driver.random.snapshot();
    const expected = [driver.records()];
    for (let i = 0; i < 500; i++) {
      await driver.step();
      expected.push(driver.records());
    }
    await withSecond(2, async (other) => {
      assert(other.restore);
      const otherDriver = new EnvironmentDriver(other);
      // Twice: going on must not have changed the snapshot.
      for (let round = 0; round < 2; round++) {
        other.restore(state);
        otherDriver.random.restore(random);
        for (const records of expected) {
          assert.deepEqual(otherDriver.records(), records);
          await otherDriver.step();
        }
      }
    });
  });

  test("statistics are handed out once", async (environment) => {
    const driver = new EnvironmentDriver(environment);
    await driver.reset();
    for (let i = 0; i < 10; i++) await driver.step();
    for (const { name, value } of environment.takeStatistics()) {
      assert(name.length > 0 && Number.isFinite(value));
    }
    assert.deepEqual(environment.takeStatistics(), []);
  });

  test("closing twice is harmless", async (environment) => {
    await environment.reset();
    await environment.close();
    await environment.close();
  });

  Deno.test(`${name}: what "await using" declares is closed`, async () => {
    let closed = 0;
    {
      await using environment = await make(1);
      const close = environment.close.bind(environment);
      environment.close = () => {
        closed++;
        return close();
      };
      await environment.reset();
    }
    assert.equal(closed, 1);
  });
}

/** One of `rows` equal parts. */
function rowOf<A extends Float32Array | Int32Array>(
  values: A,
  row: number,
  rows: number,
) {
  const width = values.length / rows;
  return values.subarray(row * width, (row + 1) * width);
}

/** Follows which agents are in an episode and when each was last heard of. */
class Episodes {
  ended = 0;
  #message = 0;
  readonly #lastSeen = new Map<string, number>();

  constructor(private readonly environment: Environment) {}

  /** Takes in the latest records: terminal ones close, decisions open. */
  follow(): void {
    this.#message++;
    const decided = new Set<number>();
    for (const behavior of this.environment.behaviorSpecs.keys()) {
      const { decision, terminal } = this.environment.getSteps(behavior);
      for (let row = 0; row < terminal.count; row++) {
        const agent = `${behavior} ${terminal.agentIds[row]}`;
        assert(this.#lastSeen.delete(agent), `${agent} ended without deciding`);
        this.ended++;
      }
      for (let row = 0; row < decision.count; row++) {
        const id = decision.agentIds[row];
        assert(!decided.has(id), `agent ${id} decides twice in one step`);
        decided.add(id);
        this.#lastSeen.set(`${behavior} ${id}`, this.#message);
      }
    }
  }

  /** No agent that is in an episode has been silent for long. */
  assertNoneVanished(): void {
    for (const [agent, message] of this.#lastSeen) {
      assert(this.#message - message < 50, `${agent} vanished`);
    }
  }
}
