/** Trainings on what there is little or nothing to learn from. */
import assert from "node:assert/strict";
import { UserError } from "../../lib/errors.ts";
import type { RunEvent } from "../../lib/events.ts";
import {
  type ActionSpec,
  type ObservationSpec,
  vectorObservation,
} from "../../lib/spec.ts";
import { tags } from "../../lib/train/statistics.ts";
import type { AgentRecord } from "../support/agent_records.ts";
import { ScriptedEnvironment } from "../support/scripted_environment.ts";
import { entitySensor, vectorSensor } from "../support/sensors.ts";
import { eventsOf, settingsOf, trainHere } from "../support/train_here.ts";

const settings = settingsOf({
  A: {
    hyperparameters: { batch_size: 8, buffer_size: 16 },
    network_settings: { hidden_units: 4, num_layers: 1, normalize: true },
    time_horizon: 4,
    max_steps: 60,
    summary_freq: 20,
  },
});

const continuous: ActionSpec = { continuousSize: 1, discreteBranches: [] };

/** Two agents that decide again and again; `change` says what is special. */
function environmentOf(
  observationSpecs: readonly ObservationSpec[],
  actionSpec: ActionSpec = continuous,
  change: (step: number) => Partial<AgentRecord> = () => ({}),
): ScriptedEnvironment {
  const messages = Array.from({ length: 60 }, (_, step) => ({
    A: {
      decisions: [1, 2].map((id) => ({
        id,
        reward: step % 3,
        sees: step % 2,
        ...change(step),
      })),
    },
  }));
  return new ScriptedEnvironment({ A: { observationSpecs, actionSpec } }, [
    messages,
  ]);
}

/** All that is saved is made of numbers, and some of it was learned. */
function assertLearned(events: readonly RunEvent[]): void {
  const [checkpoint] = eventsOf(events, "checkpoint").slice(-1);
  assert(checkpoint.final);
  for (const [name, { data }] of Object.entries(checkpoint.state)) {
    const values = Array.from<unknown, number>(data, Number);
    assert(values.every((value) => Number.isFinite(value)), name);
  }
  const [summary] = eventsOf(events, "summary").slice(-1);
  const loss = summary.statistics.get(tags.valueLoss)?.mean;
  assert(loss !== undefined && Number.isFinite(loss));
}

Deno.test("an observation that is no number ends the run, what was learned is saved", async () => {
  const environment = environmentOf(
    [vectorObservation(2)],
    continuous,
    (step) => ({ sees: step === 15 ? NaN : 1 }),
  );
  const events: RunEvent[] = [];
  const emit = (event: RunEvent) => {
    events.push(event);
  };
  await assert.rejects(
    trainHere({ environment, settings, emit }),
    (error: unknown) => {
      assert(error instanceof UserError);
      assert.match(error.message, /A: the sensor .* of agent 1 gives a value/);
      assert.match(error.message, /Nothing is learned from it/);
      return true;
    },
  );
  const [saved] = eventsOf(events, "checkpoint").slice(-1);
  // Pieces of 4 decisions of two agents, up to the 15th message.
  assert.equal(saved.step, 24);
  assert.equal(eventsOf(events, "run_ended")[0].reason, "failed");
  for (const [name, { data }] of Object.entries(saved.state)) {
    const values = Array.from<unknown, number>(data, Number);
    assert(values.every((value) => Number.isFinite(value)), name);
  }
});

Deno.test("lists in which nothing ever stands are learned from", async () => {
  for (const others of [[], [vectorSensor(1)]]) {
    const environment = environmentOf(
      [entitySensor([3, 2]), ...others],
      continuous,
      () => ({ sees: 0 }),
    );
    assertLearned(await trainHere({ environment, settings }));
  }
});

Deno.test("the only choice that is allowed is taken, and learned from", async () => {
  const environment = environmentOf(
    [vectorObservation(2)],
    { continuousSize: 0, discreteBranches: [3, 2] },
    () => ({ mask: [0, 0, 1, 1, 0] }),
  );
  assertLearned(await trainHere({ environment, settings }));
  const steps = environment.log.filter((line) => line.startsWith("step"));
  assert.deepEqual([...new Set(steps)], ["step [] [2,0,2,0]"]);
});

Deno.test("a goal of variable length alone is told to condition nothing", async () => {
  const sensors = [entitySensor([3, 2], "goal"), vectorSensor(1)];
  const environment = environmentOf(sensors);
  const events = await trainHere({ environment, settings });
  assertLearned(events);
  const notices = eventsOf(events, "notice").map(({ message }) => message);
  assert.equal(notices.length, 1);
  assert.match(notices[0], /^goal_conditioning_type: hyper has no effect/);
});

Deno.test("vectors without values count for nothing", async () => {
  const sensors = [vectorSensor(0), vectorSensor(2), vectorSensor(0, "goal")];
  assertLearned(
    await trainHere({ environment: environmentOf(sensors), settings }),
  );
  await assert.rejects(
    trainHere({ environment: environmentOf([vectorSensor(0)]), settings }),
    /the behavior observes nothing/,
  );
});
