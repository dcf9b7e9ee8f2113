import assert from "node:assert/strict";
import {
  engineConfigurationMessages,
} from "../../../../lib/env/unity/side_channels/engine_configuration.ts";
import {
  joinMessages,
} from "../../../../lib/env/unity/side_channels/framing.ts";

Deno.test("every setting is a message of its own", () => {
  const messages = engineConfigurationMessages({
    width: 84,
    height: 85,
    quality_level: 5,
    time_scale: 20,
    target_frame_rate: -1,
    capture_frame_rate: 60,
  });
  const one = [255, 255, 255, 255];
  assert.deepEqual(messages.map(({ payload }) => [...payload]), [
    [0, 0, 0, 0, 84, 0, 0, 0, 85, 0, 0, 0],
    [1, 0, 0, 0, 5, 0, 0, 0],
    [2, 0, 0, 0, 0, 0, 0xa0, 0x41],
    [3, 0, 0, 0, ...one],
    [4, 0, 0, 0, 60, 0, 0, 0],
  ]);
  // Unity's own example, time scale 20.
  const block = [...joinMessages([messages[2]])]
    .map((byte) => byte.toString(16).padStart(2, "0")).join("");
  assert.equal(
    block,
    "2c3451e97e4fea11b238784f4387d1f708000000020000000000a041",
  );
});
