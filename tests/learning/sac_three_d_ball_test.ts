/** 3DBall with SAC and the hyperparameters of Unity's release 21. */
import assert from "node:assert/strict";
import { createSimulator } from "../../lib/env/sims/registry.ts";
import { readSettings } from "../../lib/settings/read_settings.ts";
import { testWithSharedData } from "../support/shared_data.ts";
import { trainHere } from "../support/train_here.ts";
import { seeds } from "./seeds.ts";

const goodReward = 95;
/** Steps by which the goal is reached, by the median seed. */
const usualSteps = 100_000;

/** The first summary with a good reward, by `usualSteps`; Infinity if none. */
async function stepsToGood(text: string, seed: number): Promise<number> {
  const { settings } = readSettings(text, "3DBall.yaml", {});
  const stop = new AbortController();
  let reached = Infinity;
  const rewards: string[] = [];
  await trainHere({
    environment: createSimulator("3DBall", { seed }),
    settings,
    seed,
    stop: stop.signal,
    emit: (event) => {
      if (event.type === "progress" && event.step > usualSteps) stop.abort();
      if (event.type !== "summary" || event.step > usualSteps) return;
      rewards.push((event.meanReward ?? NaN).toFixed(1));
      if ((event.meanReward ?? 0) < goodReward) return;
      reached = event.step;
      stop.abort();
    },
  });
  console.log(`seed ${seed}: ${rewards}`);
  return reached;
}

testWithSharedData(
  "3DBall with SAC and Unity's configuration",
  "configs/release_21_py1.0.0/config/sac/3DBall.yaml",
  async (bytes) => {
    const text = new TextDecoder().decode(bytes);
    const reached: number[] = [];
    for (const seed of seeds) reached.push(await stepsToGood(text, seed));
    console.log(`first summary of ${goodReward} at steps ${reached}`);
    const median = reached.toSorted((a, b) => a - b)[
      Math.floor(reached.length / 2)
    ];
    assert(median <= usualSteps, `the median is ${median}`);
  },
);
