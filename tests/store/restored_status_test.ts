import assert from "node:assert/strict";
import { encodeCheckpoint } from "../../lib/store/checkpoint_file.ts";
import { restoreStatus } from "../../lib/store/restored_status.ts";
import { findCheckpoints } from "../../lib/store/resume_point.ts";
import { RunPaths } from "../../lib/store/run_paths.ts";
import {
  checkpointEntry,
  type StatusCategory,
  writeTrainingStatus,
} from "../../lib/store/training_status.ts";
import { writeFileAtomically } from "../../lib/util/atomic_file.ts";
import { inTemporaryFolder } from "../util/temporary_folder.ts";
import { checkpoint, runState } from "./run_events.ts";

async function save(paths: RunPaths, step: number): Promise<void> {
  await writeFileAtomically(
    paths.checkpoint("A", step),
    encodeCheckpoint(checkpoint("A", step, runState(step)), ["A"]),
  );
}

Deno.test("the status loses entries without files and gains unlisted files", () =>
  inTemporaryFolder(async (folder) => {
    const paths = new RunPaths(folder, "r");
    await Deno.mkdir(paths.logs, { recursive: true });
    await Deno.mkdir(paths.behaviorFolder("A"));
    for (const step of [20, 30]) await save(paths, step);
    // As written when the results folder had another place.
    const elsewhere = new RunPaths("/elsewhere", "r");
    const entry = (steps: number) =>
      checkpointEntry(elsewhere, "A", { steps, reward: 1, creationTime: 5 });
    const category: StatusCategory = {
      checkpoints: [entry(10), entry(20)],
      final_checkpoint: entry(20),
      elo: 1201,
    };
    await writeTrainingStatus(
      paths.status,
      new Map([["A", category], ["gravity", { lesson_num: 1 }]]),
      {},
    );
    const { found } = await findCheckpoints(paths);
    const status = await restoreStatus(paths, found);
    const { checkpoints, elo, final_checkpoint } = status.get("A") ?? {};
    assert.deepEqual(checkpoints?.map(({ steps }) => steps), [20, 30]);
    assert.deepEqual(
      checkpoints?.[0],
      checkpointEntry(paths, "A", { steps: 20, reward: 1, creationTime: 5 }),
    );
    assert.equal(checkpoints?.[1].reward, 3);
    assert.equal(elo, 1201);
    assert.equal(final_checkpoint, undefined);
    assert.deepEqual(status.get("gravity"), { lesson_num: 1 });
  }));

Deno.test("a lost status file is rebuilt from the checkpoints", () =>
  inTemporaryFolder(async (folder) => {
    const paths = new RunPaths(folder, "r");
    await Deno.mkdir(paths.behaviorFolder("A"), { recursive: true });
    for (const step of [100, 20]) await save(paths, step);
    const { found } = await findCheckpoints(paths);
    const status = await restoreStatus(paths, found);
    assert.deepEqual(
      status.get("A")?.checkpoints?.map(({ steps, reward }) => [steps, reward]),
      [[20, 2], [100, 10]],
    );
  }));
