import assert from "node:assert/strict";
import { Reader } from "protobufjs/minimal.js";
import {
  MessageWriter,
} from "../../../../lib/env/unity/messages/message_writer.ts";
import { RandomGenerator } from "../../../../lib/util/random.ts";

/** Field 1 as a number, field 2 as bytes, field 3 as a float. */
const [number, delimited, float] = [1 << 3, (2 << 3) | 2, (3 << 3) | 5];

function hex(writer: MessageWriter): string {
  return [...writer.message]
    .map((byte) => byte.toString(16).padStart(2, "0")).join(" ");
}

Deno.test("numbers take the bytes that the encoding's definition gives", () => {
  const writer = new MessageWriter(1);
  writer.int32(number, 200);
  assert.equal(hex(writer), "08 c8 01");
  writer.clear().int32(number, -2);
  assert.equal(hex(writer), "08 fe ff ff ff ff ff ff ff ff 01");
  writer.clear().float(float, -9.81);
  assert.equal(hex(writer), "1d c3 f5 1c c1");
  writer.clear().string(delimited, "é");
  assert.equal(hex(writer), "12 02 c3 a9");
});

Deno.test("zero scalars and empty lists take no bytes, messages do", () => {
  const writer = new MessageWriter(1);
  writer.int32(number, 0);
  writer.bool(number, false);
  writer.float(float, 0);
  writer.string(delimited, "");
  writer.floats(delimited, new Float32Array(), 0, 0);
  writer.int32s(delimited, []);
  assert.equal(hex(writer), "");
  writer.close(writer.open(delimited));
  assert.equal(hex(writer), "12 00");
});

Deno.test("lists are packed, from a row on, zeros included", () => {
  const writer = new MessageWriter(1);
  writer.int32s(delimited, [9, 0, 300, -1], 1, 2);
  assert.equal(hex(writer), "12 03 00 ac 02");
  writer.clear().floats(delimited, Float32Array.of(5, 1, 2), 1, 2);
  assert.equal(hex(writer), "12 08 00 00 80 3f 00 00 00 40");
});

Deno.test("any int32 reads back, among them the extremes", () => {
  const random = new RandomGenerator(1);
  const values = [-1, -(2 ** 31), 2 ** 31 - 1, 127, 128, 16383, 16384];
  for (let i = 0; i < 1000; i++) {
    values.push((random.nextUint32() | 0) >> random.integer(32));
  }
  const writer = new MessageWriter(1);
  writer.int32s(delimited, values);
  const reader = Reader.create(writer.message);
  assert.equal(reader.tag(), delimited);
  const end = reader.uint32() + reader.pos;
  for (const value of values) assert.equal(reader.int32(), value);
  assert.equal(reader.pos, end);
});

Deno.test("nested messages of every size get their length in front", () => {
  for (const size of [0, 1, 127, 128, 129, 16383, 16384, 3_000_000]) {
    const writer = new MessageWriter(1);
    const outer = writer.open(delimited);
    const inner = writer.open(delimited);
    writer.raw(new Uint8Array(size).fill(7));
    writer.close(inner);
    writer.int32(number, 5);
    writer.close(outer);
    const reader = Reader.create(writer.message);
    assert.equal(reader.tag(), delimited);
    assert.equal(reader.uint32(), writer.message.length - reader.pos);
    assert.equal(reader.tag(), delimited);
    const bytes = reader.bytes();
    assert.equal(bytes.length, size);
    assert(bytes.every((byte) => byte === 7));
    assert.equal(reader.tag(), number);
    assert.equal(reader.int32(), 5);
    assert.equal(reader.pos, writer.message.length);
  }
});
