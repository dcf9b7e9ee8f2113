import assert from "node:assert/strict";
import { join } from "node:path";
import { PlayerChannels } from "../../../lib/env/player/player_channels.ts";
import {
  PlayerRecord,
  readRecord,
} from "../../../lib/env/player/player_record.ts";
import {
  Channel,
  joinMessages,
} from "../../../lib/env/unity/side_channels/framing.ts";
import { PayloadWriter } from "../../../lib/env/unity/side_channels/payload.ts";
import { WorldDriver } from "./world_driver.ts";

const { engineConfiguration, environmentParameters } = Channel;

Deno.test("what is wrong within a message is skipped and noted", () => {
  const folder = Deno.makeTempDirSync();
  const path = join(folder, "record.jsonl");
  try {
    const log: string[] = [];
    const { world } = new WorldDriver("scene:Channels");
    const record = new PlayerRecord(path);
    const channels = new PlayerChannels(
      world,
      record,
      (line) => log.push(line),
    );
    const setting = (type: number) => new PayloadWriter().int32(type);
    const name = (text: string) => new PayloadWriter().string(text);
    const payloads: [string, Uint8Array][] = [
      [engineConfiguration, setting(9).finish()],
      [engineConfiguration, setting(2).raw(Uint8Array.of(1, 2)).finish()],
      [environmentParameters, name("depth").int32(0).float32(1).finish()],
      [environmentParameters, name("width").int32(7).finish()],
      [engineConfiguration, setting(4).int32(60).finish()],
    ];
    channels.receive(joinMessages(
      payloads.map(([channel, payload]) => ({ channel, payload })),
    ));
    assert.equal(log.length, 4);
    assert.match(log[0], /There is no engine setting 9/);
    assert.match(log[1], /a value of 4 bytes where 2 are left/);
    assert.match(log[2], /depth/);
    assert.match(log[3], /unknown kind/);
    assert.deepEqual(readRecord(path).at(-1), {
      event: "engine",
      setting: "captureFrameRate",
      value: 60,
    });
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
});

Deno.test("a block that is damaged is the trainer's fault", () => {
  const { world } = new WorldDriver("scene:Channels");
  const channels = new PlayerChannels(world, new PlayerRecord(null), () => {});
  assert.throws(() => channels.receive(Uint8Array.of(1, 2, 3)), /damaged/);
});

Deno.test("analytics are known and of no use", () => {
  const { world } = new WorldDriver("sim:Basic");
  const log: string[] = [];
  const record = new PlayerRecord(null);
  const channels = new PlayerChannels(world, record, (line) => log.push(line));
  const channel = "b664a4a9-d86f-5a5f-95cb-e8353a7e8356";
  channels.receive(joinMessages([{ channel, payload: Uint8Array.of(1) }]));
  assert.deepEqual(log, []);
});
