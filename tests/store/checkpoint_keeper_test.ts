import assert from "node:assert/strict";
import { join } from "node:path";
import { UserError } from "../../lib/errors.ts";
import { readCheckpoint } from "../../lib/store/checkpoint_file.ts";
import { CheckpointKeeper } from "../../lib/store/checkpoint_keeper.ts";
import { readReplay } from "../../lib/store/replay_file.ts";
import { RunPaths } from "../../lib/store/run_paths.ts";
import type {
  CheckpointEntry,
  TrainingStatus,
} from "../../lib/store/training_status.ts";
import { inTemporaryFolder } from "../util/temporary_folder.ts";
import { checkpoint, runState } from "./run_events.ts";

async function withKeeper(
  keep: Record<string, number>,
  body: (keeper: CheckpointKeeper, paths: RunPaths) => Promise<void>,
): Promise<void> {
  await inTemporaryFolder(async (folder) => {
    const paths = new RunPaths(folder, "r");
    await Deno.mkdir(paths.logs, { recursive: true });
    const keeper = new CheckpointKeeper(paths, new Map(), () => 5000);
    for (const [behavior, count] of Object.entries(keep)) {
      await Deno.mkdir(paths.behaviorFolder(behavior));
      keeper.startBehavior(behavior, count);
    }
    await body(keeper, paths);
  });
}

function files(paths: RunPaths, behavior: string): string[] {
  return [...Deno.readDirSync(paths.behaviorFolder(behavior))]
    .map(({ name }) => name).sort();
}

function status(paths: RunPaths): Record<string, {
  checkpoints: CheckpointEntry[];
  final_checkpoint?: CheckpointEntry;
}> {
  return JSON.parse(Deno.readTextFileSync(paths.status));
}

Deno.test("a checkpoint is a model, a state, a newest name and an entry", () =>
  withKeeper({ A: 5 }, async (keeper, paths) => {
    await keeper.save(checkpoint("A", 100, runState(1)));
    assert.deepEqual(files(paths, "A"), [
      "A-100.onnx",
      "A-100.safetensors",
      "checkpoint.safetensors",
    ]);
    assert.equal(
      await Deno.readTextFile(paths.model("A", 100)),
      "model 100",
    );
    const newest = await readCheckpoint(paths.newestCheckpoint("A"));
    assert.equal(newest.state.weights.data[0], 100);
    assert.deepEqual(status(paths).A, {
      checkpoints: [{
        steps: 100,
        file_path: paths.model("A", 100),
        reward: 10,
        creation_time: 5,
        auxillary_file_paths: [paths.checkpoint("A", 100)],
      }],
    });
    assert.deepEqual(keeper.savedSteps, new Map([["A", 100]]));
  }));

Deno.test("the oldest checkpoints are deleted beyond keep_checkpoints", () =>
  withKeeper({ A: 2, B: 0 }, async (keeper, paths) => {
    for (let moment = 1; moment <= 4; moment++) {
      const shared = runState(moment);
      await keeper.save(checkpoint("A", moment * 100, shared));
      await keeper.save(checkpoint("B", moment * 10, shared));
    }
    assert.deepEqual(files(paths, "A"), [
      "A-300.onnx",
      "A-300.safetensors",
      "A-400.onnx",
      "A-400.safetensors",
      "checkpoint.safetensors",
    ]);
    assert.equal(files(paths, "B").length, 9);
    const { A, B } = status(paths);
    assert.deepEqual(A.checkpoints.map(({ steps }) => steps), [300, 400]);
    assert.deepEqual(B.checkpoints.map(({ steps }) => steps), [10, 20, 30, 40]);
  }));

Deno.test("experience is kept beside the newest checkpoint only", () =>
  withKeeper({ A: 5, B: 5 }, async (keeper, paths) => {
    const replay = (step: number) => ({
      rewards: { data: Float32Array.of(step), shape: [1] },
    });
    const save = async (step: number) => {
      const shared = runState(step);
      const first = checkpoint("A", step, shared);
      await keeper.save({ ...first, replay: replay(step) });
      assert.deepEqual(
        await readReplay(paths.replay("A", step)),
        replay(step),
      );
      await keeper.save(checkpoint("B", step, shared));
    };
    await save(100);
    await save(200);
    assert.deepEqual(files(paths, "A"), [
      "A-100.onnx",
      "A-100.safetensors",
      "A-200.onnx",
      "A-200.replay.safetensors.gz",
      "A-200.safetensors",
      "checkpoint.safetensors",
    ]);
    assert.equal(files(paths, "B").length, 5);
    const third = { ...checkpoint("A", 300, runState(300)), replay: replay(3) };
    await keeper.save(third);
    assert(files(paths, "A").includes("A-200.replay.safetensors.gz"));
  }));

Deno.test("nothing is deleted before all behaviors have saved the moment", () =>
  withKeeper({ A: 1, B: 1 }, async (keeper, paths) => {
    const first = runState(1);
    await keeper.save(checkpoint("A", 100, first));
    await keeper.save(checkpoint("B", 10, first));
    const second = runState(2);
    await keeper.save(checkpoint("A", 200, second));
    assert(files(paths, "A").includes("A-100.safetensors"));
    assert.equal(
      (await readCheckpoint(paths.newestCheckpoint("A"))).step,
      100,
    );
    assert.deepEqual(keeper.savedSteps, new Map([["A", 100], ["B", 10]]));
    await keeper.save(checkpoint("B", 20, second));
    assert(!files(paths, "A").includes("A-100.safetensors"));
    assert(!files(paths, "B").includes("B-10.onnx"));
    assert.deepEqual(keeper.savedSteps, new Map([["A", 200], ["B", 20]]));
  }));

Deno.test("behaviors that do not save together are kept up to date all the same", () =>
  withKeeper({ A: 1, B: 1 }, async (keeper, paths) => {
    await keeper.save(checkpoint("A", 100, runState(1)));
    await keeper.save(checkpoint("A", 200, runState(2)));
    assert.deepEqual(status(paths).A.checkpoints.map(({ steps }) => steps), [
      100,
    ]);
    await keeper.settle();
    assert.deepEqual(status(paths).A.checkpoints.map(({ steps }) => steps), [
      200,
    ]);
    assert(!files(paths, "A").includes("A-100.onnx"));
  }));

Deno.test("the final checkpoint is copied and recorded once", () =>
  withKeeper({ A: 5 }, async (keeper, paths) => {
    await keeper.save(checkpoint("A", 100, runState(1)));
    await keeper.save(checkpoint("A", 100, runState(2), { final: true }));
    assert.equal(await Deno.readTextFile(paths.finalModel("A")), "model 100");
    const { checkpoints, final_checkpoint } = status(paths).A;
    assert.equal(checkpoints.length, 1);
    assert.deepEqual(final_checkpoint, {
      ...checkpoints[0],
      file_path: paths.finalModel("A"),
    });
    // A run that goes on has no final checkpoint any more.
    await keeper.save(checkpoint("A", 200, runState(3)));
    assert.equal(status(paths).A.final_checkpoint, undefined);
  }));

Deno.test("a checkpoint that cannot be written leaves the earlier ones", () =>
  withKeeper({ A: 1 }, async (keeper, paths) => {
    await keeper.save(checkpoint("A", 100, runState(1)));
    const before = await Deno.readTextFile(paths.status);
    await Deno.mkdir(paths.checkpoint("A", 200));
    await assert.rejects(
      keeper.save(checkpoint("A", 200, runState(2))),
      (error: unknown) =>
        error instanceof UserError &&
        error.message.includes(paths.checkpoint("A", 200)),
    );
    assert.equal(await Deno.readTextFile(paths.status), before);
    assert(!files(paths, "A").includes("A-200.onnx"));
    assert.equal((await readCheckpoint(paths.checkpoint("A", 100))).step, 100);
    assert.deepEqual(keeper.savedSteps, new Map([["A", 100]]));
  }));

Deno.test("a new checkpoint that cannot be written leaves nothing of its own", () =>
  withKeeper({ A: 5 }, async (keeper, paths) => {
    const save = (step: number) =>
      keeper.save({
        ...checkpoint("A", step, runState(step)),
        replay: { rewards: { data: Float32Array.of(step), shape: [1] } },
      });
    await save(100);
    const before = files(paths, "A");
    for (const last of [paths.checkpoint("A", 200), paths.model("A", 200)]) {
      await Deno.mkdir(join(last, "in the way"), { recursive: true });
      await assert.rejects(save(200), UserError);
      await Deno.remove(last, { recursive: true });
      assert.deepEqual(files(paths, "A"), before);
    }
    assert.equal(await save(200), undefined);
    assert(files(paths, "A").includes("A-200.replay.safetensors.gz"));
  }));

Deno.test("a forged status file cannot name what is deleted", () =>
  inTemporaryFolder(async (folder) => {
    const paths = new RunPaths(folder, "r");
    await Deno.mkdir(paths.logs, { recursive: true });
    await Deno.mkdir(paths.behaviorFolder("A"));
    const precious = `${folder}/precious.onnx`;
    await Deno.writeTextFile(precious, "kept");
    const forged: TrainingStatus = new Map([["A", {
      checkpoints: [{
        steps: 1,
        file_path: precious,
        reward: null,
        creation_time: 0,
        auxillary_file_paths: [precious],
      }],
    }]]);
    const keeper = new CheckpointKeeper(paths, forged, () => 0);
    keeper.startBehavior("A", 1);
    await keeper.save(checkpoint("A", 100, runState(1)));
    assert.equal(await Deno.readTextFile(precious), "kept");
  }));
