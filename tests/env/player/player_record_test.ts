import assert from "node:assert/strict";
import { join } from "node:path";
import {
  PlayerRecord,
  readRecord,
} from "../../../lib/env/player/player_record.ts";

const start = (port: number) =>
  ({ event: "start", world: "sim:Basic", package: "3.0.0", port }) as const;

Deno.test("events come back in their order; starts are counted by port", () => {
  const folder = Deno.makeTempDirSync();
  const path = join(folder, "record.jsonl");
  try {
    assert.deepEqual(readRecord(path), []);
    const events = [start(1), start(2), { event: "reset" } as const, start(1)];
    for (const event of events) new PlayerRecord(path).add(event);
    assert.deepEqual(readRecord(path), events);
    const record = new PlayerRecord(path);
    assert.deepEqual([1, 2, 3].map((port) => record.countStarts(port)), [
      2,
      1,
      0,
    ]);
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
});

Deno.test("without a path nothing is kept", () => {
  const record = new PlayerRecord(null);
  record.add({ event: "reset" });
  assert.equal(record.countStarts(1), 0);
});

Deno.test("a record that cannot be written or read is an error", () => {
  assert.throws(
    () => new PlayerRecord("/dev/full").add({ event: "reset" }),
    /cannot write the record \/dev\/full.*no space left/,
  );
  assert.throws(() => readRecord("/dev"), /cannot read the record \/dev/);
});
