import assert from "node:assert/strict";
import {
  Reader,
  readFields,
  readInt32s,
  readMessage,
  readNested,
} from "../../../../lib/env/unity/messages/message_reader.ts";
import { UserError } from "../../../../lib/errors.ts";

/** A message of all wire types, a group among them, then field 1 = 7. */
const unknownThenSeven = Uint8Array.of(
  ...[0x10, 0x96, 0x01], // field 2: varint
  ...[0x19, 1, 2, 3, 4, 5, 6, 7, 8], // field 3: 8 bytes
  ...[0x22, 0x02, 9, 9], // field 4: bytes
  ...[0x2d, 1, 2, 3, 4], // field 5: 4 bytes
  ...[0x33, 0x08, 0x01, 0x34], // field 6: a group
  ...[0x08, 0x07],
);

Deno.test("unknown fields of every wire type are skipped", () => {
  const reader = Reader.create(unknownThenSeven);
  let seven = 0;
  readFields(reader, reader.len, (tag) => {
    if (tag === 8) seven = reader.int32();
    else return false;
  });
  assert.equal(seven, 7);
});

Deno.test("lists are read packed, single and mixed", () => {
  const list = (...bytes: number[]) => {
    const reader = Reader.create(Uint8Array.from(bytes));
    const values: number[] = [];
    readFields(
      reader,
      reader.len,
      (tag) => readInt32s(reader, tag, 0x0a, values),
    );
    return values;
  };
  assert.deepEqual(list(0x0a, 0x03, 1, 0x80, 0x01), [1, 128]);
  assert.deepEqual(list(0x08, 1, 0x08, 0x80, 0x01), [1, 128]);
  assert.deepEqual(list(0x08, 5, 0x0a, 0x02, 6, 7, 0x08, 8), [5, 6, 7, 8]);
  const minusTwo = [0xfe, ...Array(8).fill(0xff), 0x01];
  assert.deepEqual(list(0x0a, 10, ...minusTwo), [-2]);
  assert.deepEqual(list(0x0a, 0x00), []);
});

Deno.test("damaged messages are UserErrors that name the sender", () => {
  const damaged = [
    [0x0a], // a length is missing
    [0x0a, 0x05, 1], // cut off
    [0x0a, 0x02, 0x0a, 0x05, 1, 2, 3, 4, 5], // exceeds its parent
    [0x0a, 0xff, 0xff, 0xff, 0xff, 0x7f], // an absurd length
    [0x08], // a number is missing
    [0x0f, 0x00], // a wire type that does not exist
    [0x08, ...Array(11).fill(0xff)], // a number without end
  ];
  for (const bytes of damaged) {
    assert.throws(
      () =>
        readMessage(
          "player",
          Uint8Array.from(bytes),
          (reader) =>
            readFields(reader, reader.len, (tag) => {
              if (tag !== 0x0a) return false;
              readNested(reader, () => false);
            }),
        ),
      (error: unknown) =>
        error instanceof UserError &&
        /player sent a message that cannot be read/.test(error.message),
      bytes.join(),
    );
  }
});

Deno.test("errors with a name of their own pass through", () => {
  const named = new UserError({ what: "reward is not a number" });
  const read = () =>
    readMessage("trainer", Uint8Array.of(), () => {
      throw named;
    });
  assert.throws(read, named);
});
