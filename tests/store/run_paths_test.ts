import assert from "node:assert/strict";
import { basename, join } from "node:path";
import { UserError } from "../../lib/errors.ts";
import { checkBehaviorName } from "../../lib/settings/path_names.ts";
import { checkpointStep, RunPaths } from "../../lib/store/run_paths.ts";

Deno.test("RunPaths names every file of a run", () => {
  const paths = new RunPaths("out", "ppo 1");
  const at = (...parts: string[]) => join("out", "ppo 1", ...parts);
  assert.equal(paths.folder, at());
  assert.equal(paths.configuration, at("configuration.yaml"));
  assert.equal(paths.status, at("run_logs", "training_status.json"));
  assert.equal(paths.timers, at("run_logs", "timers.json"));
  assert.equal(paths.model("Ball", 20), at("Ball", "Ball-20.onnx"));
  assert.equal(paths.checkpoint("Ball", 20), at("Ball", "Ball-20.safetensors"));
  assert.equal(
    paths.newestCheckpoint("Ball"),
    at("Ball", "checkpoint.safetensors"),
  );
  assert.equal(paths.finalModel("Ball"), at("Ball.onnx"));
});

Deno.test("a run id that would leave the folder is refused", () => {
  for (const name of ["", ".", "..", "a/b", "../a", "a\\b", "a\0b"]) {
    assert.throws(() => new RunPaths("out", name), UserError, name);
  }
});

Deno.test("no behavior may have the name of another part of the run", () => {
  const paths = new RunPaths("out", "a");
  const { logs, lock, configuration } = paths;
  for (const path of [logs, lock, configuration, paths.finalModel("A")]) {
    assert.ok(checkBehaviorName(basename(path)), path);
  }
});

Deno.test("checkpointStep reads exactly the names that are written", () => {
  assert.equal(checkpointStep("A-1", "A-1-20.onnx", ".onnx"), 20);
  assert.equal(checkpointStep("A", "A-0.safetensors", ".safetensors"), 0);
  for (const name of ["A-.onnx", "A-1x.onnx", "A-1-20.onnx", "B-1.onnx", "A"]) {
    assert.equal(checkpointStep("A", name, ".onnx"), null, name);
  }
});
