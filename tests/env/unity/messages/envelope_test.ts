import assert from "node:assert/strict";
import {
  allCapabilities,
  readCapabilities,
  readMapEntry,
  readStatus,
  writeCapabilities,
  writeHeader,
} from "../../../../lib/env/unity/messages/envelope.ts";
import { Reader } from "../../../../lib/env/unity/messages/message_reader.ts";
import {
  MessageWriter,
} from "../../../../lib/env/unity/messages/message_writer.ts";

Deno.test("headers hold the status", () => {
  for (const [status, low] of [[200, 0xc8], [400, 0x90]]) {
    const writer = new MessageWriter();
    writeHeader(writer, status);
    const high = status >> 7;
    assert.deepEqual([...writer.message], [0x0a, 3, 0x08, low, high]);
    const reader = Reader.create(writer.message);
    reader.tag();
    assert.equal(readStatus(reader), status);
  }
  assert.equal(readStatus(Reader.create(Uint8Array.of(0))), 0);
});

Deno.test("map entries name their value's place, in either order", () => {
  const entry = (...bytes: number[]) => {
    const message = Uint8Array.of(bytes.length, ...bytes);
    return readMapEntry(Reader.create(message));
  };
  assert.deepEqual(
    entry(0x0a, 1, 0x41, 0x12, 2, 8, 8),
    { behavior: "A", start: 6, end: 8 },
  );
  assert.deepEqual(
    entry(0x12, 2, 8, 8, 0x0a, 1, 0x41),
    { behavior: "A", start: 3, end: 5 },
  );
  const { start, end } = entry(0x0a, 1, 0x41);
  assert.equal(start, end);
  assert.throws(() => entry(0x0a, 1, 0x41, 0x12, 9, 8));
});

Deno.test("a trainer's capabilities are all but analytics", () => {
  const writer = new MessageWriter();
  writeCapabilities(writer, (4 << 3) | 2);
  const fields = [8, 16, 24, 32, 48, 56].flatMap((tag) => [tag, 1]);
  assert.deepEqual([...writer.message], [0x22, 12, ...fields]);
});

Deno.test("capabilities go there and back; false takes one away", () => {
  for (const known of [allCapabilities, allCapabilities.slice(0, 2), []]) {
    const writer = new MessageWriter();
    writeCapabilities(writer, (4 << 3) | 2, known);
    const reader = Reader.create(writer.message);
    reader.tag();
    assert.deepEqual([...readCapabilities(reader)], [...known]);
  }
  const bytes = Uint8Array.of(8, 8, 1, 16, 1, 16, 0, 72, 1);
  assert.deepEqual([...readCapabilities(Reader.create(bytes))], ["base"]);
});
