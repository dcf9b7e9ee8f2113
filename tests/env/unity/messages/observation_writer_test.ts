import assert from "node:assert/strict";
import {
  MessageWriter,
} from "../../../../lib/env/unity/messages/message_writer.ts";
import {
  ObservationWriter,
} from "../../../../lib/env/unity/messages/observation_writer.ts";
import {
  DimensionProperty,
  type ObservationSpec,
  vectorObservation,
} from "../../../../lib/spec.ts";

/** Two channels of one row and three columns. */
const image: ObservationSpec = {
  name: "eye",
  shape: [2, 1, 3],
  dimensionProperties: [
    DimensionProperty.none,
    DimensionProperty.translational,
    DimensionProperty.translational,
  ],
  observationType: "default",
};
const goal: ObservationSpec = {
  ...vectorObservation(1, "g"),
  observationType: "goal",
};
const pixels = Float32Array.of(1, 2, 3, 4, 5, 6);

function bytesOf(write: (writer: MessageWriter) => void): number[] {
  const writer = new MessageWriter();
  write(writer);
  return [...writer.message];
}

/** Packed floats as field 4, `FloatData`. */
function floatData(...values: number[]): number[] {
  const bytes = [...new Uint8Array(Float32Array.from(values).buffer)];
  return [0x22, bytes.length + 2, 0x0a, bytes.length, ...bytes];
}

const name = [0x42, 3, ..."eye"].map((each) =>
  typeof each === "string" ? each.charCodeAt(0) : each
);

Deno.test("an image keeps its order, or comes with its channels last", () => {
  const styles = [
    ["CHW", "CHW", [2, 1, 3], [1, 2, 3, 4, 5, 6], [1, 2, 2]],
    ["CHW", "HWC", [2, 1, 3], [1, 4, 2, 5, 3, 6], [1, 2, 2]],
    ["HWC", "HWC", [1, 3, 2], [1, 4, 2, 5, 3, 6], [2, 2, 1]],
  ] as const;
  for (const [imageShape, imageValues, shape, values, properties] of styles) {
    const style = { imageShape, imageValues, isDetailed: true };
    const eye = new ObservationWriter(image, style);
    const body = [
      ...[0x0a, 3, ...shape],
      ...floatData(...values),
      ...[0x32, 3, ...properties],
      ...name,
    ];
    assert.deepEqual(
      bytesOf((writer) => eye.write(writer, pixels)),
      [0x6a, body.length, ...body],
    );
  }
});

Deno.test("the second row of a column starts behind the first", () => {
  const eye = new ObservationWriter({ ...image, shape: [1, 1, 3] });
  const bytes = bytesOf((writer) => eye.write(writer, pixels, 1));
  assert.deepEqual(bytes.slice(7, 7 + 16), floatData(4, 5, 6));
});

Deno.test("PNGs go end to end, with the mapping of their channels", () => {
  const eye = new ObservationWriter(image);
  const files = [Uint8Array.of(7, 8), Uint8Array.of(9)];
  const mapping = [0, 1, -1];
  const body = [
    ...[0x0a, 3, 2, 1, 3],
    ...[0x10, 1],
    ...[0x1a, 3, 7, 8, 9],
    // -1 takes ten bytes.
    ...[0x2a, 12, 0, 1, ...new Array(9).fill(255), 1],
    ...[0x32, 3, 1, 2, 2],
    ...name,
  ];
  assert.deepEqual(
    bytesOf((writer) => eye.writePngs(writer, files, mapping)),
    [0x6a, body.length, ...body],
  );
  const plain = bytesOf((writer) => eye.writePngs(writer, files, []));
  assert.equal(plain.length, body.length + 2 - 14);
});

Deno.test("old players tell sizes and values alone", () => {
  const writer = new ObservationWriter(
    goal,
    { imageShape: "HWC", imageValues: "HWC", isDetailed: false },
  );
  const body = [0x0a, 1, 1, ...floatData(2)];
  assert.deepEqual(
    bytesOf((message) => writer.write(message, Float32Array.of(2))),
    [0x6a, body.length, ...body],
  );
});

Deno.test("a goal says that it is one", () => {
  const writer = new ObservationWriter(goal);
  const bytes = bytesOf((message) => writer.write(message, pixels));
  assert.deepEqual(bytes.slice(-8), [0x32, 1, 1, 0x38, 1, 0x42, 1, 103]);
});

Deno.test("nothing to see is an observation all the same", () => {
  const writer = new ObservationWriter(vectorObservation(0, ""));
  assert.deepEqual(
    bytesOf((message) => writer.write(message, new Float32Array())),
    [0x6a, 8, 0x0a, 1, 0, 0x22, 0, 0x32, 1, 1],
  );
});
