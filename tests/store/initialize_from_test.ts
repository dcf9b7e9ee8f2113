import assert from "node:assert/strict";
import { join } from "node:path";
import { UserError } from "../../lib/errors.ts";
import { encodeCheckpoint } from "../../lib/store/checkpoint_file.ts";
import {
  initializeFrom,
  type InitialSource,
} from "../../lib/store/initialize_from.ts";
import { RunPaths } from "../../lib/store/run_paths.ts";
import { writeFileAtomically } from "../../lib/util/atomic_file.ts";
import { inTemporaryFolder } from "../util/temporary_folder.ts";
import { checkpoint, runState } from "./run_events.ts";

async function withRun(
  body: (source: InitialSource, paths: RunPaths) => Promise<void>,
): Promise<void> {
  await inTemporaryFolder(async (resultsDirectory) => {
    const paths = new RunPaths(resultsDirectory, "old");
    await Deno.mkdir(paths.behaviorFolder("Ball"), { recursive: true });
    for (const step of [100, 200]) {
      const event = checkpoint("Ball", step, runState(step));
      for (
        const path of [
          paths.checkpoint("Ball", step),
          paths.newestCheckpoint("Ball"),
        ]
      ) await writeFileAtomically(path, encodeCheckpoint(event, ["Ball"]));
    }
    await body(
      { resultsDirectory, runId: "old", behavior: "Ball", initPath: null },
      paths,
    );
  });
}

async function fails(source: InitialSource, ...hints: string[]) {
  await assert.rejects(initializeFrom(source), (error: unknown) => {
    assert(error instanceof UserError);
    for (const hint of hints) assert(error.message.includes(hint), hint);
    return true;
  });
}

Deno.test("a behavior starts from the newest, a named or any checkpoint", () =>
  withRun(async (source, paths) => {
    const step = async (changes: Partial<InitialSource>) => {
      const initial = await initializeFrom({ ...source, ...changes });
      return initial.kind === "checkpoint" && initial.checkpoint.step;
    };
    assert.equal(await step({}), 200);
    assert.equal(await step({ initPath: "Ball-100.safetensors" }), 100);
    const path = paths.checkpoint("Ball", 100);
    assert.equal(await step({ initPath: path }), 100);
    assert.equal(await step({ initPath: path, runId: null }), 100);
    // Also for a behavior of another name, if the file is named.
    assert.equal(await step({ initPath: path, behavior: "Wall" }), 100);
  }));

Deno.test("what is missing is answered with what is there", () =>
  withRun(async (source, paths) => {
    await fails({ ...source, runId: "odl" }, '"odl"', "--run-id=old");
    await fails({ ...source, behavior: "Bal" }, "Bal", "the behaviors Ball");
    await fails(
      { ...source, initPath: "Ball-300.safetensors" },
      paths.checkpoint("Ball", 300),
      "Ball-100.safetensors, Ball-200.safetensors, checkpoint.safetensors",
    );
    await Deno.mkdir(paths.behaviorFolder("Empty"));
    await fails(
      { ...source, behavior: "Empty" },
      "no .safetensors or .onnx file",
    );
  }));

Deno.test("a model is found like a checkpoint, for others to read", () =>
  withRun(async (source, paths) => {
    const path = paths.model("Ball", 100);
    await Deno.writeTextFile(path, "not looked at");
    const model = { kind: "model", path };
    const initPath = "Ball-100.onnx";
    assert.deepEqual(await initializeFrom({ ...source, initPath }), model);
    assert.deepEqual(
      await initializeFrom({ ...source, initPath: path, runId: null }),
      model,
    );
    await fails(
      { ...source, initPath: "Ball-200.onnx" },
      paths.model("Ball", 200),
      "Ball-100.onnx, Ball-100.safetensors, Ball-200.safetensors",
    );
    await fails(
      { ...source, runId: "Ball-100.onnx" },
      "a model and not a run",
      "init_path: Ball-100.onnx",
    );
  }));

Deno.test("other trainers' checkpoints and damaged files are refused", () =>
  withRun(async (source, paths) => {
    await fails(
      { ...source, initPath: "checkpoint.pt" },
      "checkpoint.pt",
      ".onnx",
    );
    await Deno.writeTextFile(paths.newestCheckpoint("Ball"), "nonsense");
    await fails(source, paths.newestCheckpoint("Ball"));
  }));

Deno.test("names that lead out of the results folder are refused", () =>
  withRun(async (source) => {
    await fails({ ...source, runId: "../old" }, "run id");
    await fails({ ...source, behavior: "../Ball" }, "behavior's name");
  }));

Deno.test("a path without a run is taken from the working folder", () =>
  withRun(async (source) => {
    const initPath = join(source.resultsDirectory, "none.safetensors");
    await fails({ ...source, runId: null, initPath }, initPath);
  }));
