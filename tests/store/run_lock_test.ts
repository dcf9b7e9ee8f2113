import assert from "node:assert/strict";
import { join } from "node:path";
import { UserError } from "../../lib/errors.ts";
import { RunLock } from "../../lib/store/run_lock.ts";
import { inTemporaryFolder } from "../util/temporary_folder.ts";

Deno.test("a second holder is refused and told who holds the lock", () =>
  inTemporaryFolder(async (folder) => {
    const path = join(folder, "run.lock");
    const lock = await RunLock.acquire(path);
    await assert.rejects(RunLock.acquire(path), (error: unknown) => {
      assert(error instanceof UserError);
      assert.match(error.message, /another process is using this run/);
      assert(error.message.includes(`"pid":${Deno.pid}`));
      return true;
    });
    await lock.release();
    await assert.rejects(Deno.stat(path), Deno.errors.NotFound);
    await (await RunLock.acquire(path)).release();
  }));

Deno.test("a file that a killed process left does not lock", () =>
  inTemporaryFolder(async (folder) => {
    const path = join(folder, "run.lock");
    await Deno.writeTextFile(path, `{"pid":999999999,"host":"gone"} and more`);
    const lock = await RunLock.acquire(path);
    assert.deepEqual(Object.keys(JSON.parse(await Deno.readTextFile(path))), [
      "pid",
      "host",
    ]);
    await lock.release();
  }));

Deno.test("of many who try at once exactly one gets the lock", () =>
  inTemporaryFolder(async (folder) => {
    const path = join(folder, "run.lock");
    for (let round = 0; round < 20; round++) {
      const results = await Promise.allSettled(
        Array.from({ length: 8 }, () => RunLock.acquire(path)),
      );
      const locks = results.filter((result) => result.status === "fulfilled");
      assert.equal(locks.length, 1);
      await locks[0].value.release();
    }
  }));
