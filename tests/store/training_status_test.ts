import assert from "node:assert/strict";
import { join } from "node:path";
import { RunPaths } from "../../lib/store/run_paths.ts";
import {
  checkpointEntry,
  readTrainingStatus,
  recordStatistics,
  type TrainingStatus,
  writeTrainingStatus,
} from "../../lib/store/training_status.ts";
import { inTemporaryFolder } from "../util/temporary_folder.ts";
import { average } from "./run_events.ts";

const ENTRY = checkpointEntry(new RunPaths("out", "r"), "Ball", {
  steps: 499,
  reward: null,
  creationTime: 1700000000.5,
});

Deno.test("the status file has the documented form", () =>
  inTemporaryFolder(async (folder) => {
    const path = join(folder, "training_status.json");
    const status: TrainingStatus = new Map();
    status.set("Ball", {
      checkpoints: [ENTRY],
      final_checkpoint: { ...ENTRY, file_path: "out/r/Ball.onnx" },
      elo: 1213.5,
    });
    status.set("gravity", { lesson_num: 2 });
    await writeTrainingStatus(path, status, { stats_format_version: "0.3.0" });
    assert.equal(
      await Deno.readTextFile(path),
      `{
    "Ball": {
        "checkpoints": [
            {
                "steps": 499,
                "file_path": "${join("out", "r", "Ball", "Ball-499.onnx")}",
                "reward": null,
                "creation_time": 1700000000.5,
                "auxillary_file_paths": [
                    "${join("out", "r", "Ball", "Ball-499.safetensors")}"
                ]
            }
        ],
        "final_checkpoint": {
            "steps": 499,
            "file_path": "out/r/Ball.onnx",
            "reward": null,
            "creation_time": 1700000000.5,
            "auxillary_file_paths": [
                "${join("out", "r", "Ball", "Ball-499.safetensors")}"
            ]
        },
        "elo": 1213.5
    },
    "gravity": {
        "lesson_num": 2
    },
    "metadata": {
        "stats_format_version": "0.3.0"
    }
}
`,
    );
    const read = await readTrainingStatus(path);
    assert.deepEqual(
      read,
      new Map([
        ["Ball", { checkpoints: [ENTRY], elo: 1213.5 }],
        ["gravity", { lesson_num: 2 }],
      ]),
    );
  }));

Deno.test("a missing or damaged status file reads as null", () =>
  inTemporaryFolder(async (folder) => {
    const path = join(folder, "training_status.json");
    assert.equal(await readTrainingStatus(path), null);
    for (const text of ["", "{", "[]", '{"Ball":{"checkpoints":[{}]}}']) {
      await Deno.writeTextFile(path, text);
      assert.equal(await readTrainingStatus(path), null, text);
    }
  }));

Deno.test("recordStatistics takes lessons and ratings only", () => {
  const status: TrainingStatus = new Map();
  recordStatistics(
    status,
    "Ball",
    new Map([
      ["Environment/Lesson Number/gravity", average(1)],
      ["Self-play/ELO", average(1210)],
      ["Policy/Entropy", average(1.4)],
    ]),
  );
  assert.deepEqual(
    status,
    new Map([["gravity", { lesson_num: 1 }], ["Ball", { elo: 1210 }]]),
  );
});
