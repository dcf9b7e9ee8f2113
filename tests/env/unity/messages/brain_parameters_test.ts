import assert from "node:assert/strict";
import {
  type BehaviorDescription,
  readBrainParameters,
  type SpecFields,
  writeBrainParameters,
} from "../../../../lib/env/unity/messages/brain_parameters.ts";
import { Reader } from "../../../../lib/env/unity/messages/message_reader.ts";
import {
  MessageWriter,
} from "../../../../lib/env/unity/messages/message_writer.ts";
import { BrainParameters } from "../../../../lib/env/unity/messages/tags.ts";

const TAG = (5 << 3) | 2;

function roundTrip(behavior: BehaviorDescription, fields: SpecFields) {
  const writer = new MessageWriter();
  writeBrainParameters(writer, TAG, behavior, fields);
  const reader = Reader.create(writer.message);
  assert.equal(reader.tag(), TAG);
  return readBrainParameters(reader);
}

/** The message with the legacy fields alone, as old players send it. */
function readLegacy(sizes: number[], type: number) {
  const writer = new MessageWriter();
  const message = writer.open(TAG);
  writer.int32s(BrainParameters.legacyActionSize, sizes);
  writer.int32(BrainParameters.legacySpaceType, type);
  writer.string(BrainParameters.name, "Old");
  writer.close(message);
  const reader = Reader.create(writer.message);
  reader.tag();
  return readBrainParameters(reader).actionSpec;
}

Deno.test("continuous, discrete and hybrid specs go there and back", () => {
  for (const fields of ["present", "both"] as const) {
    for (
      const [continuousSize, discreteBranches] of [[2, []], [0, [3, 2]], [
        3,
        [5],
      ]] as const
    ) {
      const behavior = {
        name: "Striker?team=1",
        actionSpec: { continuousSize, discreteBranches: [...discreteBranches] },
      };
      assert.deepEqual(roundTrip(behavior, fields), behavior);
    }
  }
});

Deno.test("players before 1.3 say it in the legacy fields", () => {
  assert.deepEqual(
    readLegacy([4], 1),
    { continuousSize: 4, discreteBranches: [] },
  );
  assert.deepEqual(
    readLegacy([3, 2], 0),
    { continuousSize: 0, discreteBranches: [3, 2] },
  );
  // No actions at all, and a continuous space without a size.
  const none = { continuousSize: 0, discreteBranches: [] };
  assert.deepEqual(readLegacy([], 0), none);
  assert.deepEqual(readLegacy([], 1), none);
});

Deno.test("written legacy fields alone are enough to know the actions", () => {
  const writer = new MessageWriter();
  const actionSpec = { continuousSize: 0, discreteBranches: [3, 2] };
  writeBrainParameters(writer, TAG, { name: "A", actionSpec }, "both");
  const text = [...writer.message].join(" ");
  // Field 3 packed [3, 2]; field 6 (discrete = 0) takes no bytes.
  assert.match(text, /26 2 3 2 58 1 65 64 1/);
});

Deno.test("legacy fields alone describe one kind of actions", () => {
  for (
    const actionSpec of [
      { continuousSize: 2, discreteBranches: [] },
      { continuousSize: 0, discreteBranches: [3, 2] },
    ]
  ) {
    const behavior = { name: "A", actionSpec };
    assert.deepEqual(roundTrip(behavior, "legacy"), behavior);
    const writer = new MessageWriter();
    writeBrainParameters(writer, TAG, behavior, "legacy");
    // No field 9: the message ends with the name and `is_training`.
    assert.deepEqual([...writer.message.slice(-5)], [58, 1, 65, 64, 1]);
  }
});
