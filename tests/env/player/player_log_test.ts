import assert from "node:assert/strict";
import { join } from "node:path";
import { PlayerLog } from "../../../lib/env/player/player_log.ts";

Deno.test("a log holds its lines as soon as they are written", () => {
  const folder = Deno.makeTempDirSync();
  const path = join(folder, "Player-0.log");
  try {
    Deno.writeTextFileSync(path, "of an earlier player\n");
    const log = new PlayerLog(path);
    log.write("one");
    log.write("two");
    assert.equal(Deno.readTextFileSync(path), "one\ntwo\n");
    log.close();
    log.write("three");
    assert.equal(Deno.readTextFileSync(path), "one\ntwo\n");
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
});

Deno.test("where no log can be written the player goes on without it", () => {
  for (const path of [null, "/no/such/folder/a.log", "/dev/full"]) {
    const log = new PlayerLog(path);
    log.write("one");
    log.write("two");
    log.close();
  }
});
