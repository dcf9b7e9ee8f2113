import assert from "node:assert/strict";
import type { RunEvent } from "../../lib/events.ts";
import { LineGame } from "../support/line_game.ts";
import { eventsOf, settingsOf, trainHere } from "../support/train_here.ts";

/** Rewards that are finite, but their squares are not. */
class HugeRewards extends LineGame {
  override getSteps(behavior: string) {
    const steps = super.getSteps(behavior);
    steps.decision.rewards.fill(1e30);
    return steps;
  }
}

Deno.test("updates that fail beside a failure keep nothing from being saved", async () => {
  const sac = {
    trainer_type: "sac",
    hyperparameters: { batch_size: 4, buffer_size: 64 },
    network_settings: { hidden_units: 8, num_layers: 1 },
    max_steps: 300,
  } as const;
  const behaviors = ["A?team=0", "B?team=0"];
  const events: RunEvent[] = [];
  const run = trainHere({
    environment: new HugeRewards({ seed: 1, continuousSize: 1, behaviors }),
    settings: settingsOf({ A: sac, B: sac }),
    emit: (event) => void events.push(event),
  });
  await assert.rejects(run, /did not end in finite numbers/);
  const saved = eventsOf(events, "checkpoint").map((each) => each.behavior);
  assert.deepEqual(saved, ["A", "B"]);
  assert.equal(eventsOf(events, "run_ended")[0].reason, "failed");
});
