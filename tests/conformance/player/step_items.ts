/** One academy step: items 6 to 12. */
import assert from "node:assert/strict";
import type { SeenInfo } from "../../env/player/read_infos.ts";
import type { Item } from "./item.ts";
import type { Action } from "./replies.ts";
import { PlayerSession, type Told } from "./session.ts";

const name = "Vectors?team=0";

/** What an agent of scene:Vectors is to aim at: the last frame, signed. */
function target({ observations: [stack, , , goal] }: SeenInfo): number[] {
  const sign = goal.values?.[0] === 1 ? 1 : -1;
  return (stack.values ?? []).slice(-2).map((value) => sign * value);
}

/** The reward of `steps` steps with an action. */
function rewardOf(steps: number, wanted: number[], action: number[]): number {
  const distance = wanted.reduce(
    (sum, value, i) => sum + Math.abs(action[i] - value),
    0,
  );
  return steps * (0.2 - 0.1 * distance);
}

function assertNear(found: number, expected: number): void {
  assert(Math.abs(found - expected) < 1e-5, `${found} is not ${expected}`);
}

const ids = (told: Told) => told.infos[name].map(({ id }) => id);
const still = [0, 0];
const toActions = (...values: number[][]): Record<string, Action[]> => ({
  [name]: values.map((continuous) => ({ continuous })),
});

function startVectors(packageVersion: string): Promise<PlayerSession> {
  return PlayerSession.start("scene:Vectors", { packageVersion });
}

export const stepItems: readonly Item[] = [
  {
    number: 6,
    name: "the first step resets everything by itself",
    test: async (packageVersion) => {
      await using session = await startVectors(packageVersion);
      const told = await session.begin();
      for (const { observations, done, reward } of told.infos[name]) {
        // One step of the episode has begun: 1 of 100.
        assertNear(observations[2].values?.[0] ?? NaN, 0.01);
        assert(!done);
        assert.equal(reward, 0);
      }
      assert.deepEqual(session.events("reset"), []);
    },
  },
  {
    number: 7,
    name: "periods and offsets say who decides; some act in between",
    test: async (packageVersion) => {
      await using session = await startVectors(packageVersion);
      const first = await session.begin();
      assert.deepEqual(ids(first), [0, 2, 3]);
      const actions = [[0.5, -0.5], [0.25, 1], [-1, 0]];
      const second = await session.step(toActions(...actions));
      assert.deepEqual(ids(second), [1]);
      const third = await session.step(toActions([1, 1]));
      assert.deepEqual(ids(third), [0, 2, 3]);
      // Five steps with the action; the second one acts in one of them only.
      [5, 1, 5].forEach((steps, agent) =>
        assertNear(
          third.infos[name][agent].reward,
          rewardOf(steps, target(first.infos[name][agent]), actions[agent]),
        )
      );
      const fourth = await session.step(toActions(still, still, still));
      assert.deepEqual(ids(fourth), [1]);
    },
  },
  {
    number: 8,
    name: "an info holds the rewards since the one before",
    test: async (packageVersion) => {
      await using session = await startVectors(packageVersion);
      await session.begin();
      const [before] = (await session.step()).infos[name];
      // Two steps without an action, before it was asked for one.
      const wanted = (before.observations[0].values ?? []).slice(-2);
      assertNear(before.reward, rewardOf(2, wanted, still));
      await session.step(toActions([1, -1]));
      const [after] = (await session.step(toActions(still, still, still)))
        .infos[name];
      // Three steps before a new target came, and two since then.
      assertNear(
        after.reward,
        rewardOf(3, target(before), [1, -1]) +
          rewardOf(2, target(after), [1, -1]),
      );
    },
  },
  {
    number: 9,
    name: "one call with all lists, and each behavior described once",
    test: async (packageVersion) => {
      await using session = await PlayerSession.start("scene:Crowd", {
        packageVersion,
      });
      let told = await session.begin();
      const described: [number, string[]][] = [];
      const keys: string[][] = [];
      for (let step = 0; step < 45; step++) {
        if (told.described.length > 0) {
          described.push([step, told.described.map(({ name }) => name)]);
        }
        keys.push(Object.keys(told.infos));
        told = await session.step();
      }
      assert.deepEqual(described, [
        [0, ["Resident?team=0", "Brief?team=0"]],
        [40, ["Late?team=0"]],
      ]);
      assert.deepEqual(keys[0], ["Resident?team=0", "Brief?team=0"]);
      assert.deepEqual(keys[44], [...keys[0], "Late?team=0"]);
      assert.deepEqual(told.infos["Brief?team=0"], []);
    },
  },
  {
    number: 10,
    name: "actions go by position and last until the next info",
    test: async (packageVersion) => {
      await using session = await startVectors(packageVersion);
      const first = await session.begin();
      await session.step(toActions([1, 0], [0, 1], [1, 1], [9, 9]));
      // No list, and an empty one: those agents act with zeros.
      const third = await session.step();
      [[1, 0], [0, 1], [1, 1]].forEach((action, agent) =>
        assertNear(
          third.infos[name][agent].reward,
          rewardOf(
            agent === 1 ? 1 : 5,
            target(first.infos[name][agent]),
            action,
          ),
        )
      );
      await session.step({ [name]: [] });
      const fifth = await session.step();
      assertNear(
        fifth.infos[name][0].reward,
        rewardOf(5, target(third.infos[name][0]), still),
      );
    },
  },
  {
    number: 11,
    name: "the step limit counts steps and interrupts",
    test: async (packageVersion) => {
      await using session = await startVectors(packageVersion);
      let told = await session.begin();
      const decided = new Map<number, number>();
      const ends: [number, number, boolean][] = [];
      for (let call = 0; call < 42; call++) {
        for (const { id, done, interrupted } of told.infos[name]) {
          if (done) ends.push([id, decided.get(id) ?? 0, interrupted]);
          else decided.set(id, (decided.get(id) ?? 0) + 1);
        }
        told = await session.step();
      }
      // 35 and 100 steps, five to a decision; the last one decides at 2, 7 ...
      assert.deepEqual(ends.slice(0, 5), [
        [3, 7, true],
        [3, 14, true],
        [0, 20, true],
        [1, 20, true],
        [2, 20, true],
      ]);
    },
  },
  {
    number: 12,
    name: "ends wait for the next step's call, before its decisions",
    test: async (packageVersion) => {
      await using session = await startVectors(packageVersion);
      let told = await session.begin();
      // The last agent's 35 steps are over, and all but one decide again.
      while (!told.infos[name].some(({ done }) => done)) {
        told = await session.step();
      }
      assert.deepEqual(
        told.infos[name].map(({ id, done }) => [id, done]),
        [[3, true], [0, false], [2, false], [3, false]],
      );
      await using other = await PlayerSession.start("scene:Endings", {
        packageVersion,
      });
      let message = await other.begin();
      const messages = [];
      for (let call = 0; call < 8; call++) {
        messages.push(message.infos["Endings?team=0"]);
        message = await other.step();
      }
      // Ends in the middle of a period, when nobody decides.
      const lonely = messages.find((infos) => infos.every(({ done }) => done));
      assert.deepEqual(lonely?.map(({ id }) => id), [1, 2]);
    },
  },
];
