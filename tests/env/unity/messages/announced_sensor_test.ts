import assert from "node:assert/strict";
import {
  readAnnouncedSensor,
} from "../../../../lib/env/unity/messages/announced_sensor.ts";
import { Reader } from "../../../../lib/env/unity/messages/message_reader.ts";
import {
  MessageWriter,
} from "../../../../lib/env/unity/messages/message_writer.ts";
import {
  ObservationWriter,
} from "../../../../lib/env/unity/messages/observation_writer.ts";
import { Observation } from "../../../../lib/env/unity/messages/tags.ts";
import { vectorObservation } from "../../../../lib/spec.ts";
import { makePng } from "../images/make_png.ts";

Deno.test("an observation says its shape, type and name", () => {
  for (const observationType of ["default", "goal"] as const) {
    const spec = { ...vectorObservation(2, "v"), observationType };
    const writer = new MessageWriter();
    new ObservationWriter(spec).write(writer, Float32Array.of(1, 2), 0);
    const reader = Reader.create(writer.message);
    reader.tag();
    assert.deepEqual(readAnnouncedSensor(reader), { spec, pngSize: null });
  }
});

Deno.test("old players leave properties and name out", () => {
  const bytes = Uint8Array.of(4, 0x08, 5, 0x08, 3);
  assert.deepEqual(readAnnouncedSensor(Reader.create(bytes)), {
    spec: {
      name: "",
      shape: [5, 3],
      dimensionProperties: [0, 0],
      observationType: "default",
    },
    pngSize: null,
  });
});

Deno.test("the size of the first PNG file is looked up", () => {
  const writer = new MessageWriter();
  const message = writer.open(Observation.name);
  writer.int32s(Observation.shape, [2, 3, 1]);
  const { bytes } = makePng({ width: 3, height: 2, channels: 1 });
  writer.bytes(Observation.compressedData, bytes);
  writer.string(Observation.name, "eye");
  writer.close(message);
  const reader = Reader.create(writer.message);
  reader.tag();
  const { spec, pngSize } = readAnnouncedSensor(reader);
  assert.deepEqual([pngSize?.width, pngSize?.height], [3, 2]);
  assert.equal(spec.name, "eye");
});
