import assert from "node:assert/strict";
import { join } from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";
import { UserError } from "../../lib/errors.ts";
import { readReplay, writeReplay } from "../../lib/store/replay_file.ts";
import { inTemporaryFolder } from "../util/temporary_folder.ts";

const arrays = {
  rewards: { data: Float32Array.of(1, 2, 0.1), shape: [3, 1] },
  mask: { data: Uint8Array.of(1, 0, 1), shape: [3, 1] },
  agents: { data: Float64Array.of(2 ** 40), shape: [1] },
  discrete: { data: new Int32Array(0), shape: [3, 0] },
};

Deno.test("what is read is what was written, and it is compressed", () =>
  inTemporaryFolder(async (folder) => {
    const path = join(folder, "a.gz");
    const zeros = { data: new Float32Array(100_000), shape: [100_000] };
    await writeReplay(path, { ...arrays, zeros });
    assert.deepEqual(await readReplay(path), { ...arrays, zeros });
    assert((await Deno.stat(path)).size < 10_000);
  }));

Deno.test("other work goes on while a large one is compressed", () =>
  inTemporaryFolder(async (folder) => {
    const path = join(folder, "a.gz");
    const size = 2 ** 19;
    const data = new Float32Array(size);
    let isWritten = false;
    // The last value tells how often this had its turn before it was read.
    const other = async () => {
      while (!isWritten) {
        data[size - 1]++;
        await new Promise((resolve) => setImmediate(resolve));
      }
    };
    const write = writeReplay(path, { numbers: { data, shape: [size] } });
    await Promise.all([other(), write.then(() => isWritten = true)]);
    const turns = Number((await readReplay(path))?.numbers.data[size - 1]);
    assert(turns >= 7, `${turns} turns`);
  }));

Deno.test("no file is no replay", () =>
  inTemporaryFolder(async (folder) => {
    assert.equal(await readReplay(join(folder, "a.gz")), null);
  }));

Deno.test("a file cut short or changed anywhere is named, and stays", () =>
  inTemporaryFolder(async (folder) => {
    const path = join(folder, "a.gz");
    await writeReplay(path, arrays);
    const whole = await Deno.readFile(path);
    const plain = gunzipSync(whole);
    const damages = [
      ...[0, 1, 10, 30, whole.length - 1].map((n) => whole.subarray(0, n)),
      gzipSync(plain.subarray(0, plain.length - 1)),
      gzipSync(plain.toString("latin1").replace("replay 1", "replay 9")),
      plain,
    ];
    for (const damage of damages) {
      await Deno.writeFile(path, damage);
      await assert.rejects(
        () => readReplay(path),
        (error) =>
          error instanceof UserError &&
          error.message.includes(`${path} is not a whole replay buffer`) &&
          error.message.includes("Remove the file"),
      );
      assert.deepEqual(await Deno.readFile(path), new Uint8Array(damage));
    }
  }));
