import assert from "node:assert/strict";
import { Reader } from "../../../../lib/env/unity/messages/message_reader.ts";
import {
  MessageWriter,
} from "../../../../lib/env/unity/messages/message_writer.ts";
import {
  ObservationReader,
} from "../../../../lib/env/unity/messages/observation_reader.ts";
import {
  FloatData,
  Observation,
} from "../../../../lib/env/unity/messages/tags.ts";
import {
  ObservationError,
} from "../../../../lib/env/unity/observation_error.ts";
import type { Sensor } from "../../../../lib/env/unity/sensor.ts";

function sensor(
  shape: readonly number[],
  floatOrder: Sensor["floatOrder"] = "CHW",
  announcedShape = shape,
): Sensor {
  const dimensionProperties = shape.map(() => 0);
  const observationType = "default";
  return {
    announcedShape,
    spec: { name: "s", shape, dimensionProperties, observationType },
    floatOrder,
  };
}

/** An observation, as it stands behind its tag. */
function write(
  shape: readonly number[],
  { values, png, mapping }: {
    values?: readonly number[];
    png?: Uint8Array;
    mapping?: readonly number[];
  },
): Reader {
  const writer = new MessageWriter();
  const observation = writer.open(Observation.name);
  writer.int32s(Observation.shape, shape);
  if (values) {
    const data = writer.open(Observation.floatData);
    const floats = Float32Array.from(values);
    writer.floats(FloatData.data, floats, 0, floats.length);
    writer.close(data);
  }
  if (png) writer.bytes(Observation.compressedData, png);
  if (mapping) writer.int32s(Observation.compressedChannelMapping, mapping);
  writer.close(observation);
  const reader = Reader.create(writer.message.slice());
  reader.tag();
  return reader;
}

/** Expects an ObservationError of this text. */
function refuses(act: () => unknown, message: RegExp): void {
  assert.throws(act, (error) => {
    assert(error instanceof ObservationError);
    const { what, found, allowed } = error.problem;
    assert.match(`${what}; ${found}; ${allowed}`, message);
    return true;
  });
}

Deno.test("values arrive at the wanted place, of every rank", () => {
  for (const shape of [[6], [2, 3], [1, 2, 3], [1, 1, 2, 3]]) {
    const target = new Float32Array(8);
    const reader = write(shape, { values: [1, 2, 3, 4, 5, 6] });
    const plan = new ObservationReader(sensor(shape)).read(reader, target, 1);
    assert.equal(plan, null);
    assert.deepEqual([...target], [0, 1, 2, 3, 4, 5, 6, 0]);
    assert.equal(reader.pos, reader.len);
  }
});

Deno.test("observations without values are observations", () => {
  const target = Float32Array.of(7);
  const observation = new ObservationReader(sensor([0]));
  observation.read(write([0], { values: [] }), target, 0);
  observation.read(write([0], {}), target, 0);
  assert.deepEqual([...target], [7]);
});

Deno.test("float images in three orders become channels first", () => {
  // Two channels, one row, three columns: channel 0 is 1 2 3, channel 1 4 5 6.
  const [first, last] = [[1, 2, 3, 4, 5, 6], [1, 4, 2, 5, 3, 6]];
  const inner = [2, 1, 3];
  const cases: [Sensor, readonly number[]][] = [
    [sensor(inner, "HWC", [1, 3, 2]), last],
    [sensor(inner, "HWC", [2, 1, 3]), last],
    [sensor(inner, "CHW", [2, 1, 3]), first],
    // Set by the user.
    [sensor(inner, "CHW", [1, 3, 2]), first],
  ];
  for (const [each, values] of cases) {
    const target = new Float32Array(8);
    const reader = write(each.announcedShape, { values });
    new ObservationReader(each).read(reader, target, 1);
    assert.deepEqual([...target], [0, ...first, 0]);
  }
});

Deno.test("PNG files are found with their mapping", () => {
  const png = Uint8Array.of(9, 8, 7);
  const observation = new ObservationReader(sensor([2, 1, 3]));
  const target = new Float32Array(6);
  const reader = write([2, 1, 3], { png });
  const plan = observation.read(reader, target, 0);
  assert.deepEqual(
    [...reader.buf.subarray(observation.pngStart, observation.pngEnd)],
    [9, 8, 7],
  );
  assert.deepEqual(
    [plan?.channels, plan?.height, plan?.width, plan?.mapping],
    [2, 1, 3, null],
  );
  assert.equal(
    observation.read(write([2, 1, 3], { png }), target, 0),
    plan,
    "no plan is made twice",
  );
  const mapping = [0, 1, -1, 1];
  const other = write([2, 1, 3], { png, mapping });
  assert.deepEqual(
    observation.read(other, target, 0)?.mapping,
    Int32Array.from(mapping),
  );
  assert.deepEqual([...target], [0, 0, 0, 0, 0, 0]);
});

Deno.test("other shapes and numbers of values than at first are named", () => {
  const read = (shape: readonly number[], values: readonly number[]) => () =>
    new ObservationReader(sensor([2, 3]))
      .read(write(shape, { values }), new Float32Array(6), 0);
  refuses(read([3, 2], [1, 2, 3, 4, 5, 6]), /shape has.*\[3, 2\]; \[2, 3\]/);
  refuses(read([6], [1, 2, 3, 4, 5, 6]), /shape has changed; \[6\]/);
  refuses(read([], [1, 2, 3, 4, 5, 6]), /shape has changed; \[\]/);
  refuses(read([2, 3], [1, 2, 3, 4, 5]), /number of values.*; 5; 6/);
  refuses(read([2, 3], [1, 2, 3, 4, 5, 6, 7]), /number of values.*; 7; 6/);
  refuses(read([2, 3], []), /number of values.*; 0; 6/);
});

Deno.test("surplus values do not touch the next row", () => {
  const target = new Float32Array(3);
  const reader = write([2], { values: [1, 2, 3] });
  refuses(
    () => new ObservationReader(sensor([2])).read(reader, target, 0),
    /number/,
  );
  assert.deepEqual([...target], [1, 2, 0]);
});

Deno.test("every value that is not finite is found, finite ones are not", () => {
  const shapes: [readonly number[], Sensor["floatOrder"]][] = [
    [[5], "CHW"],
    [[5, 1, 1], "CHW"],
    [[5, 1, 1], "HWC"],
  ];
  for (const [shape, order] of shapes) {
    const observation = new ObservationReader(sensor(shape, order));
    const read = (values: readonly number[]) =>
      observation.read(write(shape, { values }), new Float32Array(5), 0);
    // Their sum and their mean are not finite, they are.
    read([3e38, 3e38, 3e38, -3e38, 1e-45]);
    for (let at = 0; at < 5; at++) {
      for (const bad of [NaN, Infinity, -Infinity]) {
        const values = [1, 2, 3, 4, 5].with(at, bad);
        refuses(() => read(values), new RegExp(`value ${at} is.*; ${bad};`));
      }
    }
    // Infinities that cancel each other out.
    refuses(() => read([1, Infinity, -Infinity, 2, 3]), /value 1 is/);
  }
});

Deno.test("compressed data are images only", () => {
  const png = Uint8Array.of(1);
  for (const shape of [[3], [2, 3]]) {
    const reader = write(shape, { png });
    refuses(
      () =>
        new ObservationReader(sensor(shape))
          .read(reader, new Float32Array(6), 0),
      /compressed data/,
    );
  }
});

Deno.test("values that do not fill a float are refused", () => {
  const data = [0x0a, 6, 0, 0, 0x80, 0x3f, 0, 0];
  const bytes = [0x0a, 1, 2, 0x22, data.length, ...data];
  const reader = Reader.create(Uint8Array.of(bytes.length, ...bytes));
  const observation = new ObservationReader(sensor([2]));
  assert.throws(() => observation.read(reader, new Float32Array(2), 0));
});
