import assert from "node:assert/strict";
import { join } from "node:path";
import { UserError } from "../../lib/errors.ts";
import {
  isTemporaryName,
  linkFileAtomically,
  removeTemporaryFiles,
  writeFileAtomically,
} from "../../lib/util/atomic_file.ts";
import { inTemporaryFolder } from "./temporary_folder.ts";

function names(folder: string): string[] {
  return [...Deno.readDirSync(folder)].map((entry) => entry.name).sort();
}

Deno.test("writeFileAtomically creates and replaces, leaving nothing else", () =>
  inTemporaryFolder(async (folder) => {
    const path = join(folder, "a.bin");
    await writeFileAtomically(path, "first, and longer");
    assert.equal(await Deno.readTextFile(path), "first, and longer");
    await writeFileAtomically(path, [
      new Uint8Array([1, 2]),
      new Uint8Array(0),
      new Uint8Array([3]),
    ]);
    assert.deepEqual([...await Deno.readFile(path)], [1, 2, 3]);
    await writeFileAtomically(path, new Uint8Array([9]));
    assert.deepEqual([...await Deno.readFile(path)], [9]);
    assert.deepEqual(names(folder), ["a.bin"]);
  }));

Deno.test("a reader sees the old or the new content, never a mixture", () =>
  inTemporaryFolder(async (folder) => {
    const path = join(folder, "a.bin");
    const content = (byte: number) => new Uint8Array(50_000).fill(byte);
    await writeFileAtomically(path, content(0));
    let writing = true;
    const writer = (async () => {
      for (let i = 1; i <= 10; i++) await writeFileAtomically(path, content(i));
      writing = false;
    })();
    let reads = 0;
    while (writing) {
      const bytes = await Deno.readFile(path);
      assert.equal(bytes.length, 50_000);
      assert(bytes.every((byte) => byte === bytes[0]));
      reads++;
    }
    await writer;
    assert(reads > 0);
  }));

Deno.test("a failed write names the path and leaves no temporary file", () =>
  inTemporaryFolder(async (folder) => {
    const file = join(folder, "file");
    await Deno.writeTextFile(file, "kept");
    await assert.rejects(
      writeFileAtomically(join(file, "below"), "x"),
      (error: unknown) =>
        error instanceof UserError &&
        error.message.includes(join(file, "below")) &&
        error.message.includes("a file where a folder should be") &&
        error.message.includes("Nothing was half-written"),
    );
    await Deno.mkdir(join(folder, "taken"));
    await Deno.writeTextFile(join(folder, "taken", "x"), "");
    await assert.rejects(
      writeFileAtomically(join(folder, "taken"), "x"),
      UserError,
    );
    assert.deepEqual(names(folder), ["file", "taken"]);
    assert.equal(await Deno.readTextFile(file), "kept");
  }));

Deno.test("linkFileAtomically replaces, also a second name of the same file", () =>
  inTemporaryFolder(async (folder) => {
    const [one, two, newest] = ["one", "two", "newest"].map((name) =>
      join(folder, name)
    );
    await writeFileAtomically(one, "1");
    await writeFileAtomically(two, "2");
    await linkFileAtomically(one, newest);
    assert.equal(await Deno.readTextFile(newest), "1");
    await linkFileAtomically(two, newest);
    await linkFileAtomically(two, newest);
    assert.equal(await Deno.readTextFile(newest), "2");
    // Replacing the original must not reach through the second name.
    await writeFileAtomically(two, "3");
    assert.equal(await Deno.readTextFile(newest), "2");
    assert.deepEqual(names(folder), ["newest", "one", "two"]);
    await assert.rejects(
      linkFileAtomically(join(folder, "missing"), newest),
      UserError,
    );
    assert.equal(await Deno.readTextFile(newest), "2");
  }));

Deno.test("removeTemporaryFiles removes unfinished writes only", () =>
  inTemporaryFolder(async (folder) => {
    const keep = ["a.tmp", ".a.tmp", ".hidden", "a.1-2.tmp"];
    const left = [".a.onnx.17-3.tmp", ".b c.json.1-0.tmp"];
    for (const name of [...keep, ...left]) {
      await Deno.writeTextFile(join(folder, name), "");
    }
    await removeTemporaryFiles(folder);
    assert.deepEqual(names(folder), [...keep].sort());
    await removeTemporaryFiles(join(folder, "missing"));
    assert.equal(isTemporaryName(".a.onnx.17-3.tmp"), true);
    assert.equal(isTemporaryName("a.onnx"), false);
  }));

Deno.test("a leftover of a killed process of the same number does no harm", () =>
  inTemporaryFolder(async (folder) => {
    const good = join(folder, "good");
    await writeFileAtomically(good, "good");
    for (let count = 0; count < 200; count++) {
      await Deno.link(
        good,
        join(folder, `.next.${Deno.pid}-${count}.tmp`),
      );
    }
    await writeFileAtomically(join(folder, "next"), "next");
    assert.equal(await Deno.readTextFile(good), "good");
    assert.equal(await Deno.readTextFile(join(folder, "next")), "next");
  }));
