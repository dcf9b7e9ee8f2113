import assert from "node:assert/strict";
import { join } from "node:path";
import { UserError } from "../../lib/errors.ts";
import type { RunEvent } from "../../lib/events.ts";
import { RunStore, type RunStoreOptions } from "../../lib/store/run_store.ts";
import { inTemporaryFolder } from "../util/temporary_folder.ts";
import {
  average,
  behaviorStarted,
  checkpoint,
  RUN_ENDED,
  RUN_STARTED,
  runState,
  summary,
} from "./run_events.ts";

function options(
  folder: string,
  mode: RunStoreOptions["mode"] = "new",
): RunStoreOptions {
  let time = 1_700_000_000_000;
  return {
    resultsDirectory: folder,
    runId: "r",
    mode,
    configurationYaml: `mode: ${mode}\n`,
    program: "trainer 1.2.3",
    commandLine: "a.yaml --run-id=r",
    onNotice: () => {},
    now: () => time += 1000,
  };
}

async function play(
  store: RunStore,
  ...events: readonly RunEvent[]
): Promise<void> {
  for (const event of events) await store.handle(event);
  await store.close();
}

function tree(folder: string, below = ""): string[] {
  return [...Deno.readDirSync(join(folder, below))].flatMap((entry) =>
    entry.isDirectory
      ? tree(folder, join(below, entry.name))
      : [join(below, entry.name)]
  ).sort().map((name) => name.replace(/(tfevents).*/, "$1"));
}

const SHORT_RUN: readonly RunEvent[] = [
  RUN_STARTED,
  behaviorStarted("A", { keep_checkpoints: 2 }),
  summary("A", 100, {
    "Environment/Lesson Number/gravity": average(1),
    "Policy/Entropy": average(1.4),
  }),
  checkpoint("A", 99, runState(1)),
  checkpoint("A", 200, runState(2), { final: true }),
  RUN_ENDED,
];

Deno.test("a whole run leaves the documented files", () =>
  inTemporaryFolder(async (folder) => {
    await play(await RunStore.open(options(folder)), ...SHORT_RUN);
    assert.deepEqual(tree(folder), [
      "r/A.onnx",
      "r/A/A-200.onnx",
      "r/A/A-200.safetensors",
      "r/A/A-99.onnx",
      "r/A/A-99.safetensors",
      "r/A/checkpoint.safetensors",
      "r/A/events.out.tfevents",
      "r/configuration.yaml",
      "r/run_logs/timers.json",
      "r/run_logs/training_status.json",
    ]);
    const read = (name: string) =>
      Deno.readTextFileSync(join(folder, "r", name));
    assert.equal(read("configuration.yaml"), "mode: new\n");
    const status = JSON.parse(read("run_logs/training_status.json"));
    assert.deepEqual(status.gravity, { lesson_num: 1 });
    assert.equal(status.A.final_checkpoint.steps, 200);
    assert.deepEqual(status.metadata, {
      stats_format_version: "0.3.0",
      mlagents_version: "trainer 1.2.3",
      torch_version: "none",
      seed: "7",
    });
    const timers = JSON.parse(read("run_logs/timers.json"));
    assert.equal(timers.gauges["A.Policy.Entropy.mean"].value, 1.4);
    assert.equal(timers.metadata.command_line_arguments, "a.yaml --run-id=r");
    assert.equal(timers.metadata.start_time_seconds, "1700000001");
  }));

Deno.test("the configuration is there from the start", () =>
  inTemporaryFolder(async (folder) => {
    const store = await RunStore.open(options(folder));
    await store.handle(RUN_STARTED);
    await Deno.stat(store.paths.configuration);
    await store.close();
  }));

Deno.test("a resumed run goes on from the newest state and keeps its files", () =>
  inTemporaryFolder(async (folder) => {
    await play(await RunStore.open(options(folder)), ...SHORT_RUN);
    const store = await RunStore.open(options(folder, "resume"));
    const loaded = await store.loadCheckpoint("A");
    assert.equal(loaded?.step, 200);
    assert.equal(loaded?.reward, 20);
    assert.equal(loaded?.state.weights.data[15], 200);
    assert.equal(loaded?.runState.moment.data[0], 2);
    assert.equal(await store.loadCheckpoint("B"), null);
    await play(
      store,
      RUN_STARTED,
      behaviorStarted("A", { keep_checkpoints: 2 }),
      checkpoint("A", 300, runState(3)),
      RUN_ENDED,
    );
    assert.deepEqual(tree(join(folder, "r", "A")), [
      "A-200.onnx",
      "A-200.safetensors",
      "A-300.onnx",
      "A-300.safetensors",
      "checkpoint.safetensors",
      "events.out.tfevents",
      "events.out.tfevents",
    ]);
  }));

Deno.test("all behaviors get one run state, even after an unlucky kill", () =>
  inTemporaryFolder(async (folder) => {
    const shared = runState(1);
    await play(
      await RunStore.open(options(folder)),
      RUN_STARTED,
      behaviorStarted("A"),
      behaviorStarted("B"),
      checkpoint("A", 100, shared),
      checkpoint("B", 50, shared),
      checkpoint("A", 200, runState(2)),
    );
    for (const name of ["A/A-100.safetensors", "A/checkpoint.safetensors"]) {
      await Deno.remove(join(folder, "r", name));
    }
    const store = await RunStore.open(options(folder, "resume"));
    const [a, b] = await Promise.all(
      ["A", "B"].map((behavior) => store.loadCheckpoint(behavior)),
    );
    assert.deepEqual([a?.step, b?.step], [200, 50]);
    assert.deepEqual(a?.runState, runState(2));
    assert.deepEqual(b?.runState, runState(2));
    await store.close();
  }));

Deno.test("a resumed run keeps its state whole while it saves the next", () =>
  inTemporaryFolder(async (folder) => {
    const newest = join(folder, "r", "A", "checkpoint.safetensors");
    const store = await RunStore.open(options(folder));
    const start = [RUN_STARTED, behaviorStarted("A"), behaviorStarted("B")];
    for (const event of start) await store.handle(event);
    // A stands still, so each of its checkpoints replaces the one before.
    const moment = (number: number) => {
      const shared = runState(number);
      return [
        checkpoint("A", 3, shared),
        checkpoint("B", 10 * number, shared),
      ] as const;
    };
    for (const event of moment(1)) await store.handle(event);
    const older = await Deno.readFile(newest);
    await play(store, ...moment(2));
    // As after a kill just before the newest checkpoints were linked.
    await Deno.remove(newest);
    await Deno.writeFile(newest, older);
    const resumed = await RunStore.open(options(folder, "resume"));
    assert.deepEqual(resumed.savedBehaviors, ["A", "B"]);
    await play(resumed, ...start, moment(3)[0]);
    const again = await RunStore.open(options(folder, "resume"));
    const loaded = await again.loadCheckpoint("B");
    assert.deepEqual(loaded?.runState, runState(2));
    await again.close();
  }));

Deno.test("force replaces an old run when the new one starts, not before", () =>
  inTemporaryFolder(async (folder) => {
    await play(await RunStore.open(options(folder)), ...SHORT_RUN);
    await Deno.writeTextFile(join(folder, "r", "notes.txt"), "");
    const before = tree(folder);
    // The environment of this one could not be started.
    await play(await RunStore.open(options(folder, "force")), {
      ...RUN_ENDED,
      reason: "failed",
    });
    assert.deepEqual(tree(folder), before);
    const store = await RunStore.open(options(folder, "force"));
    assert.equal(await store.loadCheckpoint("A"), null);
    await play(store, RUN_STARTED);
    assert.deepEqual(tree(folder), ["r/configuration.yaml", "r/notes.txt"]);
  }));

Deno.test("a run that never started leaves its id free", () =>
  inTemporaryFolder(async (folder) => {
    await play(await RunStore.open(options(folder)));
    assert.deepEqual([...Deno.readDirSync(folder)], []);
  }));

Deno.test("inference reads the run and writes nothing", () =>
  inTemporaryFolder(async (folder) => {
    await play(await RunStore.open(options(folder)), ...SHORT_RUN);
    const before = tree(folder);
    const store = await RunStore.open(options(folder, "inference"));
    assert.equal((await store.loadCheckpoint("A"))?.step, 200);
    await play(store, ...SHORT_RUN);
    assert.deepEqual(tree(folder), before);
    assert.equal(
      await Deno.readTextFile(store.paths.configuration),
      "mode: new\n",
    );
  }));

Deno.test("a failed write says what is saved and how to go on", () =>
  inTemporaryFolder(async (folder) => {
    const store = await RunStore.open(options(folder));
    await store.handle(RUN_STARTED);
    await store.handle(behaviorStarted("A"));
    await Deno.mkdir(join(folder, "r", "A", "A-100.onnx"));
    const failure = await store.handle(checkpoint("A", 100, runState(1)))
      .then(() => assert.fail(), (error: unknown) => error);
    const told = () => {
      const error = store.withWhatIsSafe(failure);
      assert(error instanceof UserError);
      return error.message;
    };
    assert.match(told(), /A-100\.onnx/);
    assert.match(told(), /nothing is saved/);
    assert.match(told(), /--run-id=r --force/);
    // What is saved after the failure counts too.
    await store.handle(checkpoint("A", 200, runState(2)));
    assert.match(told(), /saved in .*: A at step 200\n.*--run-id=r --resume/);
    const other = new UserError({ what: "something else" });
    assert.equal(store.withWhatIsSafe(other), other);
    await store.close();
  }));

Deno.test("a behavior whose name leads elsewhere is refused", () =>
  inTemporaryFolder(async (folder) => {
    const store = await RunStore.open(options(folder));
    await store.handle(RUN_STARTED);
    await assert.rejects(
      store.handle(behaviorStarted("../../A")),
      /behavior's name/,
    );
    await store.close();
    assert.deepEqual(tree(folder), ["r/configuration.yaml"]);
  }));

Deno.test("two runs with the same events give the same bytes", () =>
  inTemporaryFolder(async (folder) => {
    const files = [];
    for (const place of ["one", "two"]) {
      const changed = { ...options(join(folder, place)), now: Date.now };
      await play(await RunStore.open(changed), ...SHORT_RUN);
      const path = join(folder, place, "r", "A", "checkpoint.safetensors");
      files.push(await Deno.readFile(path));
    }
    assert.deepEqual(files[0], files[1]);
  }));
