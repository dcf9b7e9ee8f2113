import assert from "node:assert/strict";
import type { RunEvent } from "../../lib/events.ts";
import { openRun } from "../../lib/store/open_run.ts";
import type { RunPaths } from "../../lib/store/run_paths.ts";
import { RunWriter } from "../../lib/store/run_writer.ts";
import { inTemporaryFolder } from "../util/temporary_folder.ts";
import {
  behaviorStarted,
  checkpoint,
  RUN_ENDED,
  RUN_STARTED,
  runState,
} from "./run_events.ts";

async function written(
  events: readonly RunEvent[],
  check: (paths: RunPaths, writer: RunWriter) => Promise<void> | void,
): Promise<void> {
  await inTemporaryFolder(async (folder) => {
    const run = await openRun(folder, "r", "new", () => {});
    const writer = new RunWriter(run, {
      configurationYaml: "a: 1\n",
      program: "trainer 1",
      commandLine: "",
      replace: false,
      now: () => 0,
    });
    for (const event of events) await writer.write(event);
    await check(run.paths, writer);
    writer.close();
    await run.lock?.release();
  });
}

function files(folder: string): string[] {
  return [...Deno.readDirSync(folder)].map(({ name }) => name).sort();
}

Deno.test("five checkpoints are kept where the settings do not say", () => {
  const saves = Array.from(
    { length: 7 },
    (_, i) => checkpoint("A", i, runState(i)),
  );
  return written([RUN_STARTED, behaviorStarted("A", {}), ...saves], (paths) => {
    const models = files(paths.behaviorFolder("A"))
      .filter((name) => name.endsWith(".onnx"));
    assert.deepEqual(models, [2, 3, 4, 5, 6].map((step) => `A-${step}.onnx`));
  });
});

Deno.test("a behavior has one event file per session", () =>
  written(
    [RUN_STARTED, behaviorStarted("A"), behaviorStarted("A")],
    (paths) => assert.equal(files(paths.behaviorFolder("A")).length, 1),
  ));

Deno.test("a behavior that is first to start begins the run", () =>
  written([behaviorStarted("A"), RUN_STARTED], async (paths, writer) => {
    assert.equal(writer.hasStarted, true);
    assert.equal(await Deno.readTextFile(paths.configuration), "a: 1\n");
  }));

Deno.test("a run that ends before it starts writes nothing", () =>
  written([RUN_ENDED], (paths, writer) => {
    assert.equal(writer.hasStarted, false);
    assert.deepEqual(files(paths.logs), []);
  }));

Deno.test("an end without a checkpoint still leaves status and timers", () =>
  written([RUN_STARTED, RUN_ENDED], (paths) => {
    assert.deepEqual(files(paths.logs), [
      "timers.json",
      "training_status.json",
    ]);
  }));
