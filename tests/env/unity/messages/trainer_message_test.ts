import assert from "node:assert/strict";
import {
  allCapabilities,
} from "../../../../lib/env/unity/messages/envelope.ts";
import { Reader } from "../../../../lib/env/unity/messages/message_reader.ts";
import {
  MessageWriter,
} from "../../../../lib/env/unity/messages/message_writer.ts";
import {
  readTrainerMessage,
  writeTrainerGreeting,
  writeTrainerStep,
} from "../../../../lib/env/unity/messages/trainer_message.ts";

const none = new Uint8Array();

Deno.test("replies have the bytes that Unity's protocol wants", () => {
  const writer = new MessageWriter();
  writeTrainerStep(writer, 0, [], none);
  const header = [0x0a, 0x03, 0x08, 0xc8, 0x01];
  assert.deepEqual([...writer.message], [...header, 0x1a, 0x02, 0x0a, 0x00]);
  writeTrainerStep(writer.clear(), 1, [], none);
  assert.deepEqual(
    [...writer.message],
    [...header, 0x1a, 0x04, 0x0a, 0x02, 0x20, 0x01],
  );
});

Deno.test("a step names every behavior, also without actions", () => {
  const writer = new MessageWriter();
  const behaviors = ["A?team=0", "B"].map((name) => ({
    encodedName: new TextEncoder().encode(name),
    writeActions: (to: MessageWriter) => to.raw(Uint8Array.of(0x0a, 0x00)),
  }));
  behaviors[1].writeActions = () => {};
  writeTrainerStep(writer, 0, behaviors, Uint8Array.of(9));
  const message = readTrainerMessage(Reader.create(writer.message));
  assert.deepEqual(
    message.agentActions.map((
      { behavior, start, end },
    ) => [behavior, end - start]),
    [["A?team=0", 2], ["B", 0]],
  );
  assert.deepEqual([...message.sideChannel], [9]);
  assert.equal(message.hasInput, true);
  assert.equal(message.status, 200);
  assert.equal(message.greeting, null);
});

Deno.test("a greeting goes there and back", () => {
  const greeting = {
    seed: -5,
    communicationVersion: "1.5.0",
    packageVersion: "1.1.0",
    numAreas: 3,
  };
  const writer = new MessageWriter();
  writeTrainerGreeting(writer, greeting);
  const message = readTrainerMessage(Reader.create(writer.message));
  assert.deepEqual(message.greeting, {
    ...greeting,
    capabilities: new Set(
      allCapabilities.filter((each) => each !== "trainingAnalytics"),
    ),
  });
  assert.equal(message.hasInput, false);
});

Deno.test("a closing reply has a status and nothing to do", () => {
  const bytes = Uint8Array.of(0x0a, 0x03, 0x08, 0x90, 0x03);
  const message = readTrainerMessage(Reader.create(bytes));
  assert.equal(message.status, 400);
  assert.equal(message.hasInput, false);
});
