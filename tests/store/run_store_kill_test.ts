import assert from "node:assert/strict";
import { join } from "node:path";
import { RunStore } from "../../lib/store/run_store.ts";
import type { CheckpointEntry } from "../../lib/store/training_status.ts";
import { RandomGenerator } from "../../lib/util/random.ts";
import { inTemporaryFolder } from "../util/temporary_folder.ts";
import { stepsOf } from "./kill_program.ts";
import {
  behaviorStarted,
  checkpoint,
  RUN_ENDED,
  RUN_STARTED,
  runState,
} from "./run_events.ts";

/**
 * Opens a run as a resuming trainer does, checks that everything in it fits
 * together, and returns the moment it goes on from (0 = the start).
 */
async function resumeMoment(resultsDirectory: string): Promise<number> {
  const warnings: string[] = [];
  const store = await RunStore.open({
    resultsDirectory,
    runId: "r",
    mode: "resume",
    configurationYaml: "",
    program: "trainer 1",
    commandLine: "",
    onNotice: (event) => {
      if (event.type === "notice") warnings.push(event.message);
    },
  });
  try {
    checkStatus(store);
    const a = await store.loadCheckpoint("A");
    const b = await store.loadCheckpoint("B");
    if (a === null) {
      assert.equal(b, null);
      assert.equal(warnings.length, 1);
      assert.match(warnings[0], /starts from step 0/);
      return 0;
    }
    if (b === null) {
      // Killed between the first two checkpoints: A's is too good to drop.
      assert.equal(a.step, 1);
      assert.match(warnings[0], /one by one: A goes on from step 1/);
      return 1;
    }
    assert.deepEqual(warnings, []);
    const moment = Number(a.runState.moment.data[0]);
    assert.deepEqual(b.runState, runState(moment));
    assert.deepEqual({ A: a.step, B: b.step }, stepsOf(moment));
    assert(a.state.weights.data.every((value) => value === a.step));
    return moment;
  } finally {
    await store.close();
  }
}

function checkStatus({ paths }: RunStore): void {
  let text: string;
  try {
    text = Deno.readTextFileSync(paths.status);
  } catch {
    return; // Killed before the first one.
  }
  const status: Record<string, { checkpoints?: CheckpointEntry[] }> = JSON
    .parse(text);
  for (const { checkpoints = [] } of Object.values(status)) {
    for (const { file_path, auxillary_file_paths } of checkpoints) {
      Deno.statSync(file_path);
      auxillary_file_paths.forEach((path) => Deno.statSync(path));
    }
  }
}

Deno.test("a run killed at 20 random moments can always go on", () =>
  inTemporaryFolder(async (folder) => {
    const random = new RandomGenerator(11, "kill");
    await Deno.mkdir(join(folder, "r"));
    let last = 0;
    for (let round = 0; round < 20; round++) {
      const printed = await runAndKill(folder, random.between(0, 150));
      const moment = await resumeMoment(folder);
      // What the program knew to be saved is saved.
      assert(moment >= Math.max(last, printed));
      last = moment;
    }
    assert(last > 0, "no moment was saved in any round");
  }));

/** Runs the program, kills it some time after it began; the last it printed. */
async function runAndKill(
  folder: string,
  milliseconds: number,
): Promise<number> {
  const program = new URL("./kill_program.ts", import.meta.url);
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--no-check", program.href, folder],
    stdout: "piped",
  }).spawn();
  let output = "";
  let timer: ReturnType<typeof setTimeout> | undefined;
  for await (const text of child.stdout.pipeThrough(new TextDecoderStream())) {
    output += text;
    timer ??= setTimeout(() => child.kill("SIGKILL"), milliseconds);
  }
  clearTimeout(timer);
  const { signal } = await child.status;
  assert.equal(signal, "SIGKILL", output);
  return Number(
    output.trimEnd().split("\n").findLast((line) => /^\d+$/.test(line)) ?? 0,
  );
}

Deno.test("a kill before any single file operation leaves a run to go on from", () =>
  inTemporaryFolder(async (folder) => {
    const live = join(folder, "live");
    const images: string[] = [];
    const saved: number[] = [];
    let moment = 0;
    const restore = beforeFileOperations(async () => {
      const image = join(folder, `image${images.length}`);
      images.push(image);
      saved.push(moment);
      await copyFolder(join(live, "r"), join(image, "r"));
    });
    try {
      const store = await RunStore.open({
        resultsDirectory: live,
        runId: "r",
        mode: "new",
        configurationYaml: "a: 1\n",
        program: "trainer 1",
        commandLine: "",
        onNotice: () => {},
      });
      await store.handle(RUN_STARTED);
      await store.handle(behaviorStarted("A", { keep_checkpoints: 1 }));
      await store.handle(behaviorStarted("B", { keep_checkpoints: 2 }));
      for (let next = 1; next <= 5; next++) {
        const shared = runState(next);
        for (const [behavior, step] of Object.entries(stepsOf(next))) {
          await store.handle(
            checkpoint(behavior, step, shared, { final: next === 5 }),
          );
        }
        moment = next;
      }
      await store.handle(RUN_ENDED);
      await store.close();
    } finally {
      restore();
    }
    const resumed: number[] = [];
    for (const image of images) {
      await Deno.mkdir(join(image, "r"), { recursive: true });
      // The status file names files by the folder of the living run.
      await relocateStatus(image, live);
      resumed.push(await resumeMoment(image));
    }
    assert(images.length > 100);
    resumed.forEach((found, i) => {
      assert(found === saved[i] || found === saved[i] + 1);
    });
    assert.equal(resumed.at(-1), 5);
  }));

const OPERATIONS = ["mkdir", "open", "rename", "link", "remove"] as const;

/** Calls `before` ahead of every changing file operation until undone. */
function beforeFileOperations(before: () => Promise<void>): () => void {
  const originals = OPERATIONS.map((name) => [name, Deno[name]] as const);
  let busy = false;
  for (const [name, original] of originals) {
    const observed = async (...args: unknown[]) => {
      if (!busy) {
        busy = true;
        await before();
        busy = false;
      }
      return await Reflect.apply(original, Deno, args);
    };
    Reflect.set(Deno, name, observed);
  }
  return () => originals.forEach(([name, f]) => Reflect.set(Deno, name, f));
}

async function copyFolder(from: string, to: string): Promise<void> {
  await Deno.mkdir(to, { recursive: true });
  const exists = await Deno.stat(from).then(() => true, () => false);
  if (!exists) return;
  for await (const { name, isDirectory } of Deno.readDir(from)) {
    if (isDirectory) await copyFolder(join(from, name), join(to, name));
    else await Deno.copyFile(join(from, name), join(to, name));
  }
}

async function relocateStatus(image: string, live: string): Promise<void> {
  const path = join(image, "r", "run_logs", "training_status.json");
  const text = await Deno.readTextFile(path).catch(() => null);
  if (text === null) return;
  await Deno.writeTextFile(path, text.replaceAll(live, image));
}
