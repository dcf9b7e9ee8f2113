/** What all test scenes have in common. */
import assert from "node:assert/strict";
import { packageVersions } from "../../../../lib/env/player/package_preset.ts";
import { sceneKinds } from "../../../../lib/env/player/scenes/registry.ts";
import { sceneSummaries } from "../../../../lib/env/player/scenes/scene_summaries.ts";
import type { ActionSpec } from "../../../../lib/spec.ts";
import { RandomGenerator } from "../../../../lib/util/random.ts";
import type { SeenInfo } from "../read_infos.ts";
import { type DrivenAction, WorldDriver } from "../world_driver.ts";

/** What package 1.0 does not know. */
const newer = ["Hybrid", "Entities"];

/** Where nothing is drawn. */
const seedless = ["Channels"];

function randomAction(
  { continuousSize, discreteBranches }: ActionSpec,
  mask: readonly number[],
  random: RandomGenerator,
): DrivenAction {
  let first = 0;
  return {
    continuous: Array.from(
      { length: continuousSize },
      () => random.between(-1, 1),
    ),
    discrete: discreteBranches.map((size) => {
      const allowed = Array.from({ length: size }, (_, i) => i)
        .filter((choice) => !mask[first + choice]);
      first += size;
      return allowed[random.integer(allowed.length)];
    }),
  };
}

/**
 * Plays with random actions, or with those that `choose` finds right; calls
 * `visit` with each info.
 */
async function play(
  driver: WorldDriver,
  calls: number,
  visit: (behavior: string, info: SeenInfo) => void,
  choose?: (info: SeenInfo) => DrivenAction,
): Promise<void> {
  const random = new RandomGenerator(1);
  for (let call = 0; call < calls; call++) {
    const messages = await driver.next(call === calls / 2);
    for (const [name, infos] of Object.entries(messages)) {
      const behavior = driver.world.behaviors.get(name);
      assert(behavior);
      for (const info of infos) visit(name, info);
      const actions = infos.filter(({ done }) => !done)
        .map((info) =>
          choose?.(info) ?? randomAction(behavior.actionSpec, info.mask, random)
        );
      if (actions.length > 0) driver.act(name, actions);
    }
    driver.world.takeMessages();
  }
}

Deno.test("every scene has a summary and every summary a scene", () => {
  assert.deepEqual([...sceneKinds.keys()], Object.keys(sceneSummaries));
});

for (const name of sceneKinds.keys()) {
  for (const packageVersion of packageVersions) {
    if (packageVersion === "1.0.8" && newer.includes(name)) continue;

    Deno.test(`scene:${name} of package ${packageVersion} keeps to its specs`, async () => {
      const driver = new WorldDriver(`scene:${name}`, { packageVersion });
      const specs = new Map<string, string>();
      let ends = 0;
      await play(driver, name === "Cameras" ? 120 : 300, (behavior, info) => {
        assert(Number.isFinite(info.reward + info.groupReward));
        const spec = info.observations
          .map(({ name, shape, properties, type }) =>
            `${name} ${shape} ${properties} ${type}`
          ).join("; ");
        assert.equal(spec, specs.get(behavior) ?? spec);
        specs.set(behavior, spec);
        for (const { shape, values } of info.observations) {
          const size = shape.reduce((product, each) => product * each, 1);
          if (values) assert.equal(values.length, size);
        }
        if (info.done) ends++;
        if (packageVersion === "1.0.8") {
          assert.deepEqual([info.groupId, info.groupReward], [0, 0]);
        }
      });
      assert(ends > 0);
    });
  }

  Deno.test(`scene:${name} is the same with the same seed, also in copies`, async () => {
    const told = async (seed: number, areas = 1) => {
      const driver = new WorldDriver(`scene:${name}`, { seed, areas });
      const infos: string[] = [];
      await play(driver, 20, (behavior, info) => {
        infos.push(
          behavior +
            JSON.stringify(
              info,
              (_, value) =>
                value instanceof Uint8Array ? [...value].join() : value,
            ),
        );
      });
      return infos;
    };
    assert.deepEqual(await told(3), await told(3));
    if (!seedless.includes(name)) {
      assert.notDeepEqual(await told(3), await told(4));
    }
    assert((await told(3, 2)).length > 1.5 * (await told(3)).length);
  });
}

const seen = (info: SeenInfo, sensor: number) =>
  info.observations[sensor].values ?? [];
const byCue = (info: SeenInfo) => ({ discrete: [seen(info, 0).indexOf(1)] });

/** The right action by what an agent sees; scenes with it can be learned. */
const solutions: Record<string, (info: SeenInfo) => DrivenAction> = {
  Vectors: (info) => {
    const sign = seen(info, 3)[0] === 1 ? 1 : -1;
    const aim = seen(info, 0).slice(-2);
    return { continuous: aim.map((value) => sign * value) };
  },
  Hybrid: (info) => {
    const [value, ...cues] = seen(info, 0);
    return {
      continuous: [value],
      discrete: [cues.indexOf(1), Number(value > 0)],
    };
  },
  Masks: byCue,
  // The third observation comes as floats: three channels of 30 columns.
  Visual: (info) => {
    const column = seen(info, 2).findIndex((value) => value > 0) / 3 % 30;
    return { discrete: [Math.floor(column / 10)] };
  },
  // All floats for package 1.0.8: the four channels of each cell together.
  Grids: (info) => ({
    discrete: [seen(info, 0).findIndex((value) => value > 0) % 4],
  }),
  Floats: (info) => ({ continuous: seen(info, 0).slice(0, 2) }),
  Entities: (info) => ({ continuous: seen(info, 0).slice(0, 2) }),
  Groups: byCue,
  Crowd: byCue,
  Channels: () => ({ discrete: [1] }),
};

for (const [name, solve] of Object.entries(solutions)) {
  Deno.test(`scene:${name} rewards what its agents can see is right`, async () => {
    const reward = async (choose?: (info: SeenInfo) => DrivenAction) => {
      const packageVersion = name === "Grids" ? "1.0.8" : "3.0.0";
      const driver = new WorldDriver(`scene:${name}`, { packageVersion });
      let sum = 0;
      let infos = 0;
      await play(driver, 200, (_, info) => {
        sum += info.reward + info.groupReward;
        infos++;
      }, choose);
      return sum / infos;
    };
    const [random, right] = [await reward(), await reward(solve)];
    assert(right > random + 0.2, `${right} is little more than ${random}`);
  });
}
