import assert from "node:assert/strict";
import { Reader } from "../../../../lib/env/unity/messages/message_reader.ts";
import {
  MessageWriter,
} from "../../../../lib/env/unity/messages/message_writer.ts";
import {
  readObservation,
  readObservationSpec,
} from "../../../../lib/env/unity/messages/observation_reader.ts";
import {
  ObservationWriter,
} from "../../../../lib/env/unity/messages/observation_writer.ts";
import { vectorObservation } from "../../../../lib/spec.ts";

/** What the writer makes of a row, behind its tag. */
function write(row: number): Reader {
  const writer = new MessageWriter();
  const values = Float32Array.of(1, 2, 3, 4);
  new ObservationWriter(vectorObservation(2, "v")).write(writer, values, row);
  const reader = Reader.create(writer.message.slice());
  reader.tag();
  return reader;
}

Deno.test("the row's values arrive at the wanted place", () => {
  const target = new Float32Array(4);
  assert.equal(readObservation(write(1), target, 1, 2), 2);
  assert.deepEqual([...target], [0, 3, 4, 0]);
});

Deno.test("surplus values are counted but not stored", () => {
  const target = new Float32Array(3);
  assert.equal(readObservation(write(0), target, 0, 1), 2);
  assert.deepEqual([...target], [1, 0, 0]);
});

Deno.test("an observation says its shape, type and name", () => {
  assert.deepEqual(readObservationSpec(write(0)), vectorObservation(2, "v"));
});

Deno.test("old players leave properties and name out", () => {
  const bytes = Uint8Array.of(4, 0x08, 5, 0x08, 3);
  assert.deepEqual(readObservationSpec(Reader.create(bytes)), {
    name: "",
    shape: [5, 3],
    dimensionProperties: [0, 0],
    observationType: "default",
  });
});

Deno.test("values that do not fill a float are refused", () => {
  const data = [0x0a, 6, 0, 0, 0x80, 0x3f, 0, 0];
  const bytes = [0x22, data.length, ...data];
  const reader = Reader.create(Uint8Array.of(bytes.length, ...bytes));
  assert.throws(() => readObservation(reader, new Float32Array(2), 0, 2));
});
