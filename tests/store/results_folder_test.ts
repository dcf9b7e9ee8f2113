import assert from "node:assert/strict";
import { join } from "node:path";
import { UserError } from "../../lib/errors.ts";
import {
  checkRunExists,
  checkRunUnused,
  cleanRunFolders,
  listRunIds,
  makeFolder,
  removeIfEmpty,
  removeRunFiles,
  shortList,
} from "../../lib/store/results_folder.ts";
import { RunPaths } from "../../lib/store/run_paths.ts";
import { inTemporaryFolder } from "../util/temporary_folder.ts";

/** All files below a folder, sorted. */
function tree(folder: string, below = ""): string[] {
  return [...Deno.readDirSync(join(folder, below))].flatMap((entry) =>
    entry.isDirectory
      ? tree(folder, join(below, entry.name))
      : [join(below, entry.name)]
  ).sort();
}

async function write(folder: string, files: string[]): Promise<void> {
  for (const file of files) {
    const path = join(folder, file);
    await Deno.mkdir(join(path, ".."), { recursive: true });
    await Deno.writeTextFile(path, file);
  }
}

Deno.test("a missing run is answered with those that exist and the nearest", () =>
  inTemporaryFolder(async (folder) => {
    await assert.rejects(checkRunExists(folder, "ball"), /no run there/);
    await assert.rejects(
      checkRunExists(join(folder, "missing"), "ball"),
      /no run there/,
    );
    await Deno.mkdir(join(folder, "3dball-1"));
    await Deno.mkdir(join(folder, "basic"));
    await Deno.writeTextFile(join(folder, "notes.txt"), "");
    assert.deepEqual(await listRunIds(folder), ["3dball-1", "basic"]);
    await checkRunExists(folder, "basic");
    await Deno.symlink(join(folder, "basic"), join(folder, "linked"));
    await checkRunExists(folder, "linked");
    await assert.rejects(
      checkRunExists(folder, "3dball-2"),
      (error: unknown) => {
        assert(error instanceof UserError);
        assert.match(error.message, /there is no run "3dball-2"/);
        assert.match(error.message, /"3dball-1", "basic"/);
        assert.match(error.message, /Did you mean --run-id=3dball-1\?/);
        return true;
      },
    );
    await assert.rejects(
      listRunIds(join(folder, "notes.txt")),
      /a file where a folder should be/,
    );
  }));

Deno.test("a run id is free until its run has begun", () =>
  inTemporaryFolder(async (folder) => {
    const paths = new RunPaths(folder, "r");
    await makeFolder(paths.logs);
    await write(paths.folder, [
      "run.lock",
      ".configuration.yaml.1-1.tmp",
      "run_logs/Player-0.log",
    ]);
    await checkRunUnused(paths);
    await write(paths.folder, ["A/notes.txt"]);
    await assert.rejects(checkRunUnused(paths), (error: unknown) => {
      assert(error instanceof UserError);
      for (const hint of ["--resume", "--force", "--run-id", paths.folder]) {
        assert(error.message.includes(hint), hint);
      }
      return true;
    });
  }));

Deno.test("removeRunFiles removes what a run writes and nothing else", () =>
  inTemporaryFolder(async (folder) => {
    const paths = new RunPaths(folder, "r");
    const own = [
      "configuration.yaml",
      "A.onnx",
      "A/A-100.onnx",
      "A/A-100.safetensors",
      "A/checkpoint.safetensors",
      "A/events.out.tfevents.1.host.2.3",
      "run_logs/timers.json",
      "run_logs/training_status.json",
      "B/B-0.onnx",
    ];
    const others = [
      "A/A-best.onnx",
      "A/A-100.pt",
      "A/B-100.onnx",
      "A/notes.txt",
      "A/deep/A-100.onnx",
      "elsewhere.onnx",
      "run_logs/Player-0.log",
      "notes.txt",
    ].sort();
    await write(paths.folder, [...own, ...others]);
    await removeRunFiles(paths);
    assert.deepEqual(tree(paths.folder), others);
    await assert.rejects(Deno.stat(join(paths.folder, "B")));
    await removeRunFiles(paths);
  }));

Deno.test("cleaning removes unfinished files in all of a run's folders", () =>
  inTemporaryFolder(async (folder) => {
    const paths = new RunPaths(folder, "r");
    await write(paths.folder, [
      ".configuration.yaml.1-0.tmp",
      "run_logs/.timers.json.1-0.tmp",
      "A/.A-1.onnx.1-0.tmp",
      "A/A-1.onnx",
    ]);
    await cleanRunFolders(paths);
    assert.deepEqual(tree(paths.folder), [join("A", "A-1.onnx")]);
  }));

Deno.test("removeIfEmpty removes no folder with content", () =>
  inTemporaryFolder(async (folder) => {
    const inner = join(folder, "inner");
    await Deno.mkdir(inner);
    await removeIfEmpty(folder);
    await removeIfEmpty(inner);
    await removeIfEmpty(inner);
    assert.deepEqual([...Deno.readDirSync(folder)], []);
  }));

Deno.test("a results folder that cannot be made is named", () =>
  inTemporaryFolder(async (folder) => {
    await write(folder, ["file"]);
    const paths = new RunPaths(join(folder, "file"), "r");
    await assert.rejects(
      makeFolder(paths.logs),
      (error: unknown) =>
        error instanceof UserError && error.message.includes(paths.logs),
    );
  }));

Deno.test("shortList shows ten", () => {
  assert.equal(shortList(["a", "b"]), "a, b");
  const letters = [..."abcdefghijkl"];
  assert.equal(shortList(letters), "a, b, c, d, e, f, g, h, i, j and 2 more");
});

Deno.test({
  name: "a run that may read its own folder only knows no other runs",
  permissions: { read: ["results/mine"] },
  fn: async () => {
    assert.deepEqual(await listRunIds("results"), []);
    await assert.rejects(checkRunExists("results", "mine"), {
      name: "UserError",
    });
  },
});
