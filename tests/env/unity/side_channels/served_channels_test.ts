/** Channels of a user with a game that sends everything back. */
import assert from "node:assert/strict";
import { FloatPropertiesChannel } from "../../../../lib/env/unity/side_channels/float_properties.ts";
import { RawBytesChannel } from "../../../../lib/env/unity/side_channels/raw_bytes.ts";
import { echoChannel } from "../../../../lib/env/player/scenes/channels.ts";
import { startServed } from "../../player/served_environment.ts";

Deno.test("bytes and properties come back with the next step", async () => {
  const echo = new RawBytesChannel(echoChannel);
  const properties = new FloatPropertiesChannel();
  await using environment = await startServed("scene:Channels", {
    seed: 1,
    sideChannels: [echo, properties],
    onNotice: (notice) => assert.fail(notice),
  });
  const large = new Uint8Array(100_000).fill(7);
  echo.send(Uint8Array.of(1));
  echo.send(large);
  await environment.reset();
  assert.deepEqual(echo.take(), [Uint8Array.of(1), large]);
  properties.set("height", 0.1);
  await environment.step();
  // A 32-bit number has come back.
  assert.equal(properties.get("height"), Math.fround(0.1));
  await environment.step();
  assert.deepEqual(echo.take(), []);
});

Deno.test("parameters and samplers reach the game", async () => {
  await using environment = await startServed("scene:Channels", { seed: 1 });
  environment.setParameters({
    height: { kind: "uniform", min: 3, max: 4, seed: 5 },
    width: 9,
  });
  await environment.reset();
  const [[name]] = environment.behaviorSpecs;
  const seen = () => [
    ...environment.getSteps(name).decision.observations[0].subarray(0, 3),
  ];
  const [first, second, width] = seen();
  assert(first >= 3 && first <= 4 && second >= 3 && second <= 4);
  assert.notEqual(first, second);
  assert.equal(width, 9);
  environment.setParameters({ width: 2 });
  await environment.step();
  assert.equal(seen()[2], 2);
});

Deno.test("statistics of all aggregations arrive", async () => {
  await using environment = await startServed("scene:Channels", { seed: 1 });
  await environment.reset();
  environment.takeStatistics();
  await environment.step();
  const kinds = environment.takeStatistics()
    .map(({ name, aggregation }) => `${name} ${aggregation}`);
  assert.deepEqual([...new Set(kinds)], [
    "Channels/Choice average",
    "Channels/Step latest",
    "Channels/Choices sum",
    "Channels/Steps histogram",
  ]);
});
