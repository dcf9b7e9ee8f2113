/**
 * 3DBall with the hyperparameters of Unity's release 21: full score at the end,
 * and a learning curve as steep as the reference trainer's.
 */
import assert from "node:assert/strict";
import { createSimulator } from "../../lib/env/sims/registry.ts";
import type { Summary } from "../../lib/events.ts";
import { readSettings } from "../../lib/settings/read_settings.ts";
import { testWithSharedData } from "../support/shared_data.ts";
import { eventsOf, trainHere } from "../support/train_here.ts";
import { isFull, seeds } from "./seeds.ts";

/** Almost the full score of 100. */
const goodReward = 99;
/** Steps by which the goal is reached as a rule, and always. */
const usualSteps = 150_000;
const mostSteps = 250_000;

/** All summaries of a run; of its first 150,000 steps in the short part. */
async function learn(text: string, seed: number): Promise<Summary[]> {
  const { settings } = readSettings(text, "3DBall.yaml", {});
  const stop = new AbortController();
  const events = await trainHere({
    environment: createSimulator("3DBall", { seed }),
    settings,
    seed,
    stop: stop.signal,
    emit: (event) => {
      if (isFull || event.type !== "progress") return;
      if (event.step >= usualSteps) stop.abort();
    },
  });
  return eventsOf(events, "summary");
}

testWithSharedData(
  "3DBall with Unity's configuration",
  "configs/release_21_py1.0.0/config/ppo/3DBall.yaml",
  async (bytes) => {
    const firstGood: number[] = [];
    for (const seed of seeds) {
      const summaries = await learn(new TextDecoder().decode(bytes), seed);
      const rewards = summaries.map(({ meanReward }) => meanReward ?? NaN);
      console.log(`seed ${seed}: ${rewards.map((r) => r.toFixed(1))}`);
      const good = summaries.find(({ meanReward }) =>
        meanReward !== null && meanReward >= goodReward
      );
      firstGood.push(good?.step ?? Infinity);
      if (isFull) assert(rewards[rewards.length - 1] >= goodReward);
    }
    console.log(`first summary of ${goodReward} at steps ${firstGood}`);
    const median = firstGood.toSorted((a, b) => a - b)[
      Math.floor(firstGood.length / 2)
    ];
    assert(median <= usualSteps, `the median is ${median}`);
    assert(firstGood.every((step) => step <= mostSteps));
  },
);
