import assert from "node:assert/strict";
import { join } from "node:path";
import { UserError } from "../../lib/errors.ts";
import type { RunEvent } from "../../lib/events.ts";
import { encodeCheckpoint } from "../../lib/store/checkpoint_file.ts";
import {
  type OpenedRun,
  openRun,
  type RunMode,
} from "../../lib/store/open_run.ts";
import { RunPaths } from "../../lib/store/run_paths.ts";
import { writeFileAtomically } from "../../lib/util/atomic_file.ts";
import { inTemporaryFolder } from "../util/temporary_folder.ts";
import { checkpoint, runState } from "./run_events.ts";

/** Opens a run, closes it again and returns what was found and said. */
async function open(
  folder: string,
  mode: RunMode,
): Promise<{ run: OpenedRun; notices: string[] }> {
  const notices: string[] = [];
  const run = await openRun(folder, "r", mode, (event: RunEvent) => {
    if (event.type === "notice") notices.push(event.message);
  });
  await run.lock?.release();
  return { run, notices };
}

async function save(
  paths: RunPaths,
  behavior: string,
  step: number,
  moment: number,
  behaviors = ["A"],
): Promise<void> {
  await Deno.mkdir(paths.behaviorFolder(behavior), { recursive: true });
  await writeFileAtomically(
    paths.checkpoint(behavior, step),
    encodeCheckpoint(checkpoint(behavior, step, runState(moment)), behaviors),
  );
}

Deno.test("new makes the folder once, then the run id is in use", () =>
  inTemporaryFolder(async (folder) => {
    const { run, notices } = await open(join(folder, "results"), "new");
    assert((await Deno.stat(run.paths.logs)).isDirectory);
    assert.deepEqual(notices, []);
    await Deno.writeTextFile(run.paths.configuration, "");
    await assert.rejects(
      open(join(folder, "results"), "new"),
      /the run id "r" is in use/,
    );
    await assert.rejects(Deno.stat(run.paths.lock), Deno.errors.NotFound);
    await open(join(folder, "results"), "force");
    assert((await Deno.stat(run.paths.configuration)).isFile);
  }));

Deno.test("resume and inference need the run", () =>
  inTemporaryFolder(async (folder) => {
    for (const mode of ["resume", "inference"] as const) {
      await assert.rejects(open(folder, mode), /there is no run "r"/);
    }
    assert.deepEqual([...Deno.readDirSync(folder)], []);
  }));

Deno.test("a run that was killed before its first checkpoint starts from zero", () =>
  inTemporaryFolder(async (folder) => {
    const paths = new RunPaths(folder, "r");
    await Deno.mkdir(paths.folder);
    const { run, notices } = await open(folder, "resume");
    assert.equal(run.resumePoint.checkpoints.size, 0);
    assert.match(notices[0], /it starts from step 0/);
    await assert.rejects(open(folder, "inference"), /no checkpoint to run/);
  }));

Deno.test("a damaged newest checkpoint is named and an older one taken", () =>
  inTemporaryFolder(async (folder) => {
    const paths = new RunPaths(folder, "r");
    for (const step of [100, 200]) await save(paths, "A", step, step);
    const damaged = paths.checkpoint("A", 200);
    await Deno.truncate(damaged, 300);
    const { run, notices } = await open(folder, "resume");
    assert.equal(run.resumePoint.checkpoints.get("A")?.step, 100);
    assert.equal(notices.length, 2);
    assert(notices[0].includes(damaged));
    assert.match(notices[1], /A goes on from step 100/);
    assert.deepEqual(run.status.get("A")?.checkpoints?.length, 1);
  }));

Deno.test("a run with damaged checkpoints only does not start from zero", () =>
  inTemporaryFolder(async (folder) => {
    const paths = new RunPaths(folder, "r");
    await save(paths, "A", 100, 1);
    const damaged = paths.checkpoint("A", 100);
    await Deno.truncate(damaged, 100);
    await assert.rejects(open(folder, "resume"), (error: unknown) => {
      assert(error instanceof UserError);
      assert(error.message.includes(damaged));
      assert.match(error.message, /no checkpoint of this run can be read/);
      assert.match(error.message, /--force/);
      return true;
    });
    assert.equal((await Deno.stat(damaged)).size, 100);
  }));

Deno.test("checkpoints of different moments are used with a warning", () =>
  inTemporaryFolder(async (folder) => {
    const paths = new RunPaths(folder, "r");
    await save(paths, "A", 100, 1, ["A", "B"]);
    await save(paths, "B", 100, 2, ["A", "B"]);
    const { run, notices } = await open(folder, "resume");
    assert.equal(run.resumePoint.checkpoints.size, 2);
    assert.match(
      notices[0],
      /one by one: A goes on from step 100, B goes on from step 100/,
    );
  }));

Deno.test("checkpoints of another trainer are not taken for a fresh start", () =>
  inTemporaryFolder(async (folder) => {
    const paths = new RunPaths(folder, "r");
    await Deno.mkdir(paths.behaviorFolder("A"), { recursive: true });
    await Deno.writeTextFile(
      join(paths.behaviorFolder("A"), "checkpoint.pt"),
      "",
    );
    await assert.rejects(
      open(folder, "resume"),
      (error: unknown) =>
        error instanceof UserError && error.message.includes("A/checkpoint.pt"),
    );
  }));

Deno.test("a run in use is refused, but inference may read it", () =>
  inTemporaryFolder(async (folder) => {
    const { lock, paths } = await openRun(folder, "r", "new", () => {});
    for (const mode of ["new", "resume", "force"] as const) {
      await assert.rejects(open(folder, mode), /another process/);
    }
    await save(paths, "A", 100, 1);
    const { run } = await open(folder, "inference");
    assert.equal(run.lock, null);
    await lock?.release();
    assert((await Deno.stat(paths.folder)).isDirectory);
  }));

Deno.test("who is refused a run takes no folder away from its holder", () =>
  inTemporaryFolder(async (folder) => {
    const { lock, paths } = await openRun(folder, "r", "new", () => {});
    await assert.rejects(open(folder, "new"), UserError);
    assert((await Deno.stat(paths.logs)).isDirectory);
    await lock?.release();
  }));

Deno.test("a refused new run leaves a folder of others as it was", () =>
  inTemporaryFolder(async (folder) => {
    await Deno.mkdir(join(folder, "r"));
    await Deno.writeTextFile(join(folder, "r", "notes.txt"), "");
    await assert.rejects(open(folder, "new"), /in use/);
    assert.deepEqual(
      [...Deno.readDirSync(join(folder, "r"))].map(({ name }) => name),
      ["notes.txt"],
    );
  }));

Deno.test("leftovers of a killed process are removed", () =>
  inTemporaryFolder(async (folder) => {
    const paths = new RunPaths(folder, "r");
    await save(paths, "A", 100, 1);
    const left = join(paths.behaviorFolder("A"), ".A-200.onnx.12-3.tmp");
    await Deno.writeTextFile(left, "");
    await open(folder, "inference");
    await Deno.stat(left);
    await open(folder, "resume");
    await assert.rejects(Deno.stat(left), Deno.errors.NotFound);
  }));
