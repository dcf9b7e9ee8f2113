import assert from "node:assert/strict";
import { runReport } from "../../../lib/api/inspect/run_report.ts";
import { encodeCheckpoint } from "../../../lib/store/checkpoint_file.ts";
import { RunPaths } from "../../../lib/store/run_paths.ts";
import { writeFileAtomically } from "../../../lib/util/atomic_file.ts";
import { checkpoint, runState } from "../../store/run_events.ts";
import { inTemporaryFolder } from "../../util/temporary_folder.ts";

Deno.test("checkpoints by behavior and step, each once", () =>
  inTemporaryFolder(async (folder) => {
    const paths = new RunPaths(folder, "r");
    for (const [behavior, step] of [["B", 9], ["A", 200], ["A", 30]] as const) {
      await Deno.mkdir(paths.behaviorFolder(behavior), { recursive: true });
      const event = checkpoint(behavior, step, runState(step));
      for (
        const path of [
          paths.checkpoint(behavior, step),
          paths.newestCheckpoint(behavior),
        ]
      ) await writeFileAtomically(path, encodeCheckpoint(event, [behavior]));
    }
    const { title, facts, table } = await runReport(paths.folder);
    assert.equal(title, `${paths.folder}: a training run`);
    assert.deepEqual(facts, []);
    assert.deepEqual(table, [
      ["behavior", "step", "mean reward", "checkpoint"],
      ["A", "30", "3.000", "A/A-30.safetensors"],
      ["A", "200", "20.000", "A/A-200.safetensors"],
      ["B", "9", "0.900", "B/B-9.safetensors"],
    ]);
  }));
