/** Same seed, same bytes: also when a run is interrupted or killed. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { train } from "../../mod.ts";
import { RandomGenerator } from "../../lib/util/random.ts";
import { writeConfiguration } from "../support/basic_run.ts";
import { startCommand } from "../support/command.ts";
import { inTemporaryFolder } from "../util/temporary_folder.ts";
import { finalFiles, type ShortRun, shortRuns } from "./short_runs.ts";

/** Runs undisturbed in this process. */
async function runThrough(
  { behavior, configuration }: ShortRun,
  folder: string,
  seed = 5,
): Promise<readonly string[]> {
  await train(configuration).resultsDir(folder).seed(seed).run();
  return await finalFiles(folder, behavior);
}

for (const short of shortRuns(3000)) {
  Deno.test(`${short.name}: one seed gives one result, another another`, () =>
    inTemporaryFolder(async (folder) => {
      const [first, second, other] = [5, 5, 6].map((seed, i) =>
        runThrough(short, join(folder, `${i}`), seed)
      );
      assert.deepEqual(await second, await first);
      const different = await other;
      (await first).forEach((digest, i) =>
        assert.notEqual(different[i], digest)
      );
    }));
}

const begins = /starts|goes on/;
const saves = /Saved step/;

/**
 * Starts the program, sends a signal some milliseconds after a line of its
 * output and returns how it ended and what it said.
 */
async function runAndSignal(
  folder: string,
  signal: Deno.Signal,
  milliseconds: number,
  line = begins,
) {
  // The first start may have been killed before it made the run's folder.
  const exists = await Deno.stat(join(folder, "results", "r"))
    .then(() => true, () => false);
  const child = startCommand(
    ["run.yaml", ...exists ? ["--resume"] : []],
    folder,
  );
  const [watched, kept] = child.stdout.tee();
  const timer = (async () => {
    for await (const text of watched.pipeThrough(new TextDecoderStream())) {
      if (!line.test(text)) continue;
      return setTimeout(() => {
        try {
          child.kill(signal);
        } catch {
          // It was faster.
        }
      }, milliseconds);
    }
  })();
  const [output, errors] = await Promise.all([
    new Response(kept).text(),
    new Response(child.stderr).text(),
  ]);
  const status = await child.status;
  clearTimeout(await timer);
  return { ...status, output, errors };
}

/** Milliseconds that a short run takes from its first line to its end. */
async function durationOf(folder: string): Promise<number> {
  const child = startCommand(["run.yaml"], folder);
  let begin = 0;
  const texts = child.stdout.pipeThrough(new TextDecoderStream());
  for await (const text of texts) {
    if (begin === 0 && text.includes("starts")) begin = performance.now();
  }
  await child.stderr.cancel();
  assert((await child.status).success);
  return performance.now() - begin;
}

for (const short of shortRuns(10_000)) {
  Deno.test(`${short.name}: stops by Ctrl-C at random moments change nothing`, () =>
    inTemporaryFolder(async (folder) => {
      const whole = join(folder, "whole");
      Deno.mkdirSync(whole);
      for (const each of [whole, folder]) {
        writeConfiguration(each, short.configuration);
      }
      const duration = await durationOf(whole);
      const random = new RandomGenerator(1, short.name);
      let stops = 0;
      let isDone = false;
      while (!isDone) {
        // A few stops, then to the end.
        const moment = stops < 4 ? random.between(0, duration / 4) : 1e6;
        const result = await runAndSignal(folder, "SIGINT", moment);
        assert.equal(result.errors, "");
        // The signal may come when the run is over but not yet the process.
        isDone = result.output.includes("Finished after");
        if (isDone) break;
        assert.equal(result.code, 130, result.output);
        assert.match(result.output, /Stopped after.*--run-id=r --resume\.\n$/);
        stops++;
      }
      assert(stops > 0);
      assert.deepEqual(
        await finalFiles(join(folder, "results"), short.behavior),
        await finalFiles(join(whole, "results"), short.behavior),
      );
    }));
}

Deno.test("kills at 20 random moments leave a run that goes on to the same end", () =>
  inTemporaryFolder(async (folder) => {
    const [short] = shortRuns(20_000);
    const whole = join(folder, "whole");
    Deno.mkdirSync(whole);
    for (const each of [whole, folder]) {
      writeConfiguration(each, short.configuration);
    }
    const duration = await durationOf(whole);
    const random = new RandomGenerator(2, "kills");
    let kills = 0;
    let last = 0;
    for (let round = 0; round < 20; round++) {
      // Whatever the machine has to do besides: before a save, and after one.
      const [line, latest] = round % 2 === 0 ? [begins, 0.25] : [saves, 0.02];
      const moment = random.between(0, latest) * duration;
      const result = await runAndSignal(folder, "SIGKILL", moment, line);
      if (result.signal === "SIGKILL") kills++;
      else assert.equal(result.code, 0, result.errors);
      const [, step] = /step ([\d,]+) of/.exec(result.output) ?? [];
      if (step === undefined) continue;
      const reached = Number(step.replaceAll(",", ""));
      assert(reached >= last, "a resumed run never falls back");
      last = reached;
    }
    const { code, errors } = await runAndSignal(folder, "SIGKILL", 1e6);
    assert.equal(code, 0, errors);
    assert(kills >= 10 && last > 0, `${kills} kills, resumed at ${last}`);
    assert.deepEqual(
      await finalFiles(join(folder, "results"), short.behavior),
      await finalFiles(join(whole, "results"), short.behavior),
    );
  }));
