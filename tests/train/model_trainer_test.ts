import assert from "node:assert/strict";
import { encodeModel } from "../../lib/onnx/onnx_schema.ts";
import { readUnityModel } from "../../lib/onnx/read_unity_model.ts";
import type { BehaviorSpec } from "../../lib/spec.ts";
import type { PlayedEpisode } from "../../lib/train/acting_agents.ts";
import { ModelTrainer } from "../../lib/train/model_trainer.ts";
import { tags } from "../../lib/train/statistics.ts";
import { type AgentRecord, agentRecords } from "../support/agent_records.ts";
import { smallModel } from "../support/made_models.ts";
import { vectorSensor } from "../support/sensors.ts";

const spec: BehaviorSpec = {
  observationSpecs: [vectorSensor(3)],
  actionSpec: { continuousSize: 2, discreteBranches: [3, 2] },
};
const model = readUnityModel(encodeModel(smallModel()), "a/m.onnx");

function trainerOf(onEpisode: (episode: PlayedEpisode) => void = () => {}) {
  return new ModelTrainer({
    behavior: "B",
    spec,
    model,
    seed: 1,
    deterministic: false,
    summaryFrequency: 4,
    onEpisode,
  });
}

const arrival = (
  source: number,
  decisions: readonly AgentRecord[],
  ends: readonly AgentRecord[] = [],
) => ({ source, steps: agentRecords(spec, decisions, ends) });

Deno.test("it says which model acts, and never that it learns", async () => {
  const trainer = trainerOf();
  assert.deepEqual(trainer.settings, {
    model: "a/m.onnx",
    deterministic: false,
  });
  assert.equal(trainer.trainerType, "model");
  assert.equal(trainer.isLearning, false);
  assert.equal(trainer.maxSteps, 0);
  await trainer.updateIfReady();
  assert.equal(trainer.takeCheckpointDue(), false);
  assert.deepEqual(await trainer.exportModel(), encodeModel(smallModel()));
});

Deno.test("each source gets actions for its own decisions", () => {
  const trainer = trainerOf();
  const three = [{ id: 1 }, { id: 2 }, { id: 3 }];
  trainer.ingest([arrival(2, three), arrival(0, [{ id: 1 }])]);
  const chosen = trainer.act();
  assert.deepEqual(
    chosen.map(({ source, actions: { continuous, discrete } }) => [
      source,
      continuous.length,
      discrete.length,
    ]),
    [[2, 6, 6], [0, 2, 2]],
  );
  // Decisions are answered once.
  assert.deepEqual(trainer.act(), []);
});

Deno.test("episodes are told, and summed up every few decisions", () => {
  const episodes: PlayedEpisode[] = [];
  const trainer = trainerOf((episode) => episodes.push(episode));
  const both = [{ id: 1, reward: 1 }, { id: 2, reward: 5 }];
  assert.deepEqual(trainer.ingest([arrival(0, both)]), []);
  const [due] = trainer.ingest([
    arrival(0, both, [{ id: 1, reward: 3 }, { id: 2, reward: 9 }]),
  ]);
  assert.deepEqual(episodes, [
    { number: 0, reward: 3, length: 1 },
    { number: 1, reward: 9, length: 1 },
  ]);
  assert.equal(trainer.step, 4);
  assert.equal(due.step, 4);
  assert.equal(due.statistics.get(tags.cumulativeReward)?.mean, 6);
  assert.equal(due.statistics.get(tags.episodeLength)?.mean, 1);
});

Deno.test("a summary tells what groups have earned", () => {
  const trainer = trainerOf();
  const both = [{ id: 1, groupId: 1 }, { id: 2, groupId: 1 }];
  const ends = both.map((each) => ({ ...each, groupReward: 3 }));
  trainer.ingest([arrival(0, both)]);
  const [due] = trainer.ingest([arrival(0, both, ends)]);
  const earned = due.statistics.get(tags.groupReward);
  assert.deepEqual([earned?.mean, earned?.count], [3, 1]);
});

Deno.test("a source that is lost begins its episodes anew", () => {
  const episodes: PlayedEpisode[] = [];
  const trainer = trainerOf((episode) => episodes.push(episode));
  trainer.ingest([arrival(0, [{ id: 1 }]), arrival(1, [{ id: 1 }])]);
  trainer.forgetUnfinished(0);
  assert.deepEqual(trainer.act().map(({ source }) => source), [1]);
  trainer.ingest([
    arrival(0, [], [{ id: 1, reward: 1 }]),
    arrival(1, [], [{ id: 1, reward: 2 }]),
  ]);
  assert.deepEqual(episodes.map(({ reward }) => reward), [2]);
  trainer.ingest([arrival(1, [{ id: 1 }])]);
  trainer.forgetUnfinished();
  assert.deepEqual(trainer.act(), []);
  trainer.ingest([arrival(1, [], [{ id: 1, reward: 4 }])]);
  assert.equal(episodes.length, 1);
});
