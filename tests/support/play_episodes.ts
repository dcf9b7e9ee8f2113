import assert from "node:assert/strict";
import type { Environment } from "../../lib/env/env.ts";
import { WorkerRuntime } from "../../lib/runtime/worker_runtime.ts";
import type { RunSettings } from "../../lib/settings/run_settings.ts";
import { parseBehaviorName } from "../../lib/spec.ts";
import { tags } from "../../lib/train/statistics.ts";
import { Timers } from "../../lib/train/timers.ts";
import type { NamedArrays } from "../../lib/util/arrays.ts";
import { createTrainer } from "./train_here.ts";

/** Of the environment; far more than any episode here needs. */
const mostSteps = 20_000;

/**
 * Lets a trained policy act without randomness in an environment with one
 * behavior. Returns the rewards of at least `count` episodes, in the order in
 * which they ended.
 */
export async function playEpisodes(
  environment: Environment,
  settings: RunSettings,
  state: NamedArrays,
  count: number,
): Promise<readonly number[]> {
  const runtime = new WorkerRuntime();
  try {
    await environment.reset();
    const [[fullName, spec]] = environment.behaviorSpecs;
    const trainer = createTrainer(
      withoutRandomness(settings),
      parseBehaviorName(fullName).name,
      spec,
      { seed: 0, inference: true, runtime, timers: new Timers() },
    );
    trainer.initialize(state);
    const rewards: number[] = [];
    for (let step = 0; rewards.length < count; step++) {
      assert(step < mostSteps, "the policy never ends its episodes");
      const steps = environment.getSteps(fullName);
      trainer.ingest([{ source: 0, steps }]);
      const ended = trainer.statistics.take().get(tags.cumulativeReward);
      rewards.push(...ended?.values ?? []);
      const [{ actions }] = trainer.act();
      environment.setActions(fullName, actions);
      await environment.step();
    }
    trainer.close();
    return rewards;
  } finally {
    await runtime.close();
  }
}

function withoutRandomness(settings: RunSettings): RunSettings {
  const behaviors = Object.entries(settings.behaviors).map(([name, own]) => [
    name,
    {
      ...own,
      network_settings: { ...own.network_settings, deterministic: true },
    },
  ]);
  return { ...settings, behaviors: Object.fromEntries(behaviors) };
}

export function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
