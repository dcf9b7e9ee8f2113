/** Basic is solved within 20,000 steps. */
import assert from "node:assert/strict";
import { createSimulator } from "../../lib/env/sims/registry.ts";
import { readSettings } from "../../lib/settings/read_settings.ts";
import { playEpisodes } from "../support/play_episodes.ts";
import { savedRun, trainHere } from "../support/train_here.ts";
import { seeds } from "./seeds.ts";

const steps = 20_000;
const bestReturn = 0.93;

/** Trains until 20,000 steps are summed up, then plays without randomness. */
async function checkLearning(text: string, seed: number): Promise<void> {
  const { settings } = readSettings(text, "basic.yaml", {});
  const stop = new AbortController();
  const events = await trainHere({
    environment: createSimulator("Basic", { seed }),
    settings,
    seed,
    stop: stop.signal,
    emit: (event) => {
      if (event.type === "summary" && event.step >= steps) stop.abort();
    },
  });
  const state = savedRun(events).behaviors.get("Basic");
  assert(state);
  const environment = createSimulator("Basic", { seed });
  for (
    const reward of await playEpisodes(environment, settings, state, 3)
  ) assert(Math.abs(reward - bestReturn) < 1e-6, `return ${reward}`);
}

for (const seed of seeds) {
  Deno.test(`Basic with the shipped configuration: seed ${seed}`, async () => {
    const file = new URL("../../config/basic.yaml", import.meta.url);
    await checkLearning(await Deno.readTextFile(file), seed);
  });
}
