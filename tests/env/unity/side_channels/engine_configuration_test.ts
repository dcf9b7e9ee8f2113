import assert from "node:assert/strict";
import {
  EngineConfigurationChannel,
  enginePresets,
  type EngineSettings,
} from "../../../../lib/env/unity/side_channels/engine_configuration.ts";
import {
  joinMessages,
} from "../../../../lib/env/unity/side_channels/framing.ts";
import { UserError } from "../../../../lib/errors.ts";

function messagesFor(settings: Partial<EngineSettings>) {
  const channel = new EngineConfigurationChannel();
  channel.set(settings);
  return channel.takeOutgoing();
}

Deno.test("every setting is a message of its own", () => {
  const messages = messagesFor({ ...enginePresets.training, height: 85 });
  const one = [255, 255, 255, 255];
  assert.deepEqual(messages.map(({ payload }) => [...payload]), [
    [0, 0, 0, 0, 84, 0, 0, 0, 85, 0, 0, 0],
    [1, 0, 0, 0, 5, 0, 0, 0],
    [2, 0, 0, 0, 0, 0, 0xa0, 0x41],
    [3, 0, 0, 0, ...one],
    [4, 0, 0, 0, 60, 0, 0, 0],
  ]);
});

Deno.test("only what is given is set", () => {
  assert.deepEqual(messagesFor({}), []);
  const types = messagesFor({ captureFrameRate: 0, timeScale: 0.5 })
    .map(({ payload }) => payload[0]);
  assert.deepEqual(types, [2, 4]);
  // Unity's own example, time scale 20.
  const block = [...joinMessages(messagesFor({ timeScale: 20 }))]
    .map((byte) => byte.toString(16).padStart(2, "0")).join("");
  assert.equal(
    block,
    "2c3451e97e4fea11b238784f4387d1f708000000020000000000a041",
  );
});

Deno.test("presets are complete", () => {
  for (const preset of Object.values(enginePresets)) {
    assert.equal(messagesFor(preset).length, 5);
  }
});

Deno.test("what Unity cannot take is refused by name", () => {
  const refused: [Partial<EngineSettings>, RegExp][] = [
    [{ width: 84 }, /^width and height: .*both or none/],
    [{ height: 84 }, /^width and height: /],
    [{ width: 0, height: 84 }, /^width: .*found 0; .*1 or more/],
    [{ width: 84, height: 0.5 }, /^height: /],
    [{ qualityLevel: -1 }, /^qualityLevel: .*0 or more/],
    [{ timeScale: 0 }, /^timeScale: .*above 0/],
    [{ timeScale: NaN }, /^timeScale: /],
    [{ timeScale: Infinity }, /^timeScale: /],
    [{ targetFrameRate: -2 }, /^targetFrameRate: .*-1 or more/],
    [{ captureFrameRate: -1 }, /^captureFrameRate: /],
  ];
  for (const [settings, message] of refused) {
    const channel = new EngineConfigurationChannel();
    assert.throws(() => channel.set({ ...settings }), (error) => {
      assert(error instanceof UserError);
      assert.match(error.message, message);
      return true;
    });
    assert.deepEqual(channel.takeOutgoing(), []);
  }
});
