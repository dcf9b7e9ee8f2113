import assert from "node:assert/strict";
import { SacNetworks } from "../../lib/algo/sac_networks.ts";
import { Replay } from "../../lib/data/replay.ts";
import { Rollout } from "../../lib/data/rollout.ts";
import { vectorObservation } from "../../lib/spec.ts";
import {
  sampledColumns,
  valuedColumns,
} from "../../lib/train/sampled_columns.ts";

const spec = {
  observationSpecs: [vectorObservation(1)],
  actionSpec: { continuousSize: 1, discreteBranches: [2] },
};
const signals = [
  { name: "extrinsic", gamma: 0.99, strength: 2 },
  { name: "other", gamma: 0.9, strength: 0.5 },
];

function networksWith(
  memory: { memory_size: number; sequence_length: number } | null,
) {
  return new SacNetworks({
    spec,
    normalize: false,
    hidden_units: 4,
    num_layers: 1,
    vis_encode_type: "simple",
    goal_conditioning_type: "hyper",
    memory,
    signals: signals.length,
    initialTemperature: 1,
  });
}

/** One agent that sees 1, 2, 3 and ends truly; its reward is ten times that. */
function collected(sequenceLength: number, memorySizes: readonly number[]) {
  const rollout = new Rollout(spec, 3, memorySizes);
  for (let row = 0; row < 3; row++) {
    rollout.observations[0][row] = row + 1;
    rollout.continuous[row] = -row;
    rollout.discrete[row] = row % 2;
    rollout.mask.set([1, row % 2], 2 * row);
    rollout.rewards[row] = 10 * (row + 1);
    rollout.memories.forEach((memories, i) =>
      memories.fill(100 * i + row, 2 * row, 2 * row + 2)
    );
  }
  const replay = new Replay({ spec, capacity: 6, sequenceLength, memorySizes });
  for (let row = 0; row < 3; row++) {
    const isLast = row === 2;
    const nextRow = isLast ? -1 : row + 1;
    replay.append(rollout, {
      agent: 7,
      row,
      nextRow,
      isLast,
      isDone: isLast,
    });
  }
  return replay;
}

const plain = (columns: ReturnType<typeof sampledColumns>) =>
  Object.fromEntries(
    Object.entries(columns).map((
      [name, { data, shape }],
    ) => [name, [[...data], shape]]),
  );

Deno.test("a sample becomes batches, rewards one column for each signal", () => {
  const sample = collected(1, []).read([2, 0, 1, 1]);
  assert.deepEqual(
    plain(sampledColumns(sample, networksWith(null), signals, 2)),
    {
      obs_0: [[3, 1, 2, 2], [2, 2, 1]],
      // Nobody asks what followed the end.
      next_obs_0: [[3, 2, 3, 3], [2, 2, 1]],
      continuous: [[-2, -0, -1, -1], [2, 2, 1]],
      discrete: [[0, 0, 1, 1], [2, 2, 1]],
      mask: [[1, 0, 1, 0, 1, 1, 1, 1], [2, 2, 2]],
      rewards: [[60, 15, 20, 5, 40, 10, 40, 10], [2, 2, 2]],
      done: [[1, 0, 0, 0], [2, 2]],
    },
  );
});

Deno.test("with memory rows are sequences, filled up and with memories", () => {
  const networks = networksWith({ memory_size: 2, sequence_length: 2 });
  const sample = collected(2, [2, 2]).read([1, 0]);
  const columns = plain(sampledColumns(sample, networks, signals, 1));
  assert.deepEqual(columns.obs_0, [[3, 3, 1, 2], [1, 4, 1]]);
  assert.deepEqual(columns.next_obs_0, [[3, 3, 2, 3], [1, 4, 1]]);
  assert.deepEqual(columns.row_mask, [[1, 0, 1, 1], [1, 4]]);
  assert.deepEqual(columns.done, [[1, 0, 0, 0], [1, 4]]);
  assert.deepEqual(columns["actor.memory"], [[2, 2, 0, 0], [1, 2, 2]]);
  assert.deepEqual(columns["value.memory"], [
    [102, 102, 100, 100],
    [1, 2, 2],
  ]);
  assert.deepEqual(plain(valuedColumns(sample, networks)), {
    obs_0: [[3, 3, 1, 2], [4, 1]],
    "value.memory": [[102, 102, 100, 100], [2, 2]],
  });
});
