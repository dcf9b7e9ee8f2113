/**
 * Saves growing checkpoints on a small disk until it is full, frees some space,
 * and goes on. Prints what it saw as JSON. Argument: a folder on that disk.
 */
import { join } from "node:path";
import { RunStore, type RunStoreOptions } from "../../lib/store/run_store.ts";
import {
  behaviorStarted,
  checkpoint,
  RUN_STARTED,
  runState,
} from "./run_events.ts";

const [folder] = Deno.args;
const ballast = join(folder, "ballast");
await Deno.writeFile(ballast, new Uint8Array(100_000));

function open(mode: RunStoreOptions["mode"]): Promise<RunStore> {
  return RunStore.open({
    resultsDirectory: folder,
    runId: "r",
    mode,
    configurationYaml: "a: 1\n",
    program: "trainer 1",
    commandLine: "",
    onNotice: () => {},
  });
}

/** Saves steps after `step` until the disk is full; the last one and why. */
async function saveUntilFull(
  store: RunStore,
  step: number,
): Promise<{ step: number; message: string }> {
  try {
    await store.handle(RUN_STARTED);
    await store.handle(behaviorStarted("A", { keep_checkpoints: 0 }));
    for (;; step++) {
      const weights = { data: new Float32Array(5000), shape: [5000] };
      await store.handle(
        checkpoint("A", step + 1, runState(step + 1), { state: { weights } }),
      );
    }
  } catch (error) {
    const told = store.withWhatIsSafe(error);
    return { step, message: told instanceof Error ? told.message : "" };
  } finally {
    await store.close();
  }
}

function files(): string[] {
  return ["", "A", "run_logs"].flatMap((name) =>
    [...Deno.readDirSync(join(folder, "r", name))]
      .filter((entry) => entry.isFile).map((entry) => entry.name)
  ).sort();
}

const first = await saveUntilFull(await open("new"), 0);
const firstFiles = files();
await Deno.remove(ballast);
const store = await open("resume");
const resumedAt = (await store.loadCheckpoint("A"))?.step;
const second = await saveUntilFull(store, resumedAt ?? 0);
console.log(JSON.stringify({ first, firstFiles, resumedAt, second }));
