/**
 * Saves checkpoints of two behaviors as fast as it can until it is killed; goes
 * on from what is there. Prints `ready`, then each moment that is safe on disk.
 * Argument: the results folder.
 */
import { RunStore } from "../../lib/store/run_store.ts";
import {
  behaviorStarted,
  checkpoint,
  RUN_STARTED,
  runState,
} from "./run_events.ts";

/** A stops stepping early, so its files are replaced under their name. */
export function stepsOf(moment: number): { A: number; B: number } {
  return { A: Math.min(moment, 3), B: moment };
}

if (import.meta.main) {
  const [resultsDirectory] = Deno.args;
  console.log("ready");
  const store = await RunStore.open({
    resultsDirectory,
    runId: "r",
    mode: "resume",
    configurationYaml: "a: 1\n",
    program: "trainer 1",
    commandLine: "",
    onNotice: () => {},
  });
  const loaded = await store.loadCheckpoint("A");
  const start = Number(loaded?.runState.moment.data[0] ?? 0);
  await store.handle(RUN_STARTED);
  await store.handle(behaviorStarted("A", { keep_checkpoints: 1 }));
  await store.handle(behaviorStarted("B", { keep_checkpoints: 2 }));
  for (let moment = start + 1;; moment++) {
    const shared = runState(moment);
    for (const [behavior, step] of Object.entries(stepsOf(moment))) {
      const final = moment % 2 === 0;
      await store.handle(checkpoint(behavior, step, shared, { final }));
    }
    console.log(moment);
  }
}
