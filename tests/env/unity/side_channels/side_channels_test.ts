import assert from "node:assert/strict";
import {
  Channel,
  joinMessages,
  splitMessages,
} from "../../../../lib/env/unity/side_channels/framing.ts";
import {
  RawBytesChannel,
} from "../../../../lib/env/unity/side_channels/raw_bytes.ts";
import {
  SideChannels,
} from "../../../../lib/env/unity/side_channels/side_channels.ts";
import { UserError } from "../../../../lib/errors.ts";

const ids = [
  "00000000-0000-0000-0000-000000000001",
  "00000000-0000-0000-0000-000000000002",
];

function block(id: string, ...bytes: number[]): Uint8Array {
  return joinMessages([{ channel: id, payload: Uint8Array.from(bytes) }]);
}

Deno.test("Unity's channels send first, then the user's in their order", () => {
  const [first, second] = ids.map((id) => new RawBytesChannel(id));
  const channels = new SideChannels({
    sideChannels: [second, first],
    engine: { timeScale: 2 },
  });
  first.send(Uint8Array.of(1));
  second.send(Uint8Array.of(2));
  first.send(Uint8Array.of(3));
  channels.parameters.set({ mass: 1 });
  const sent = splitMessages(channels.takeOutgoing());
  assert.deepEqual(sent.map(({ channel }) => channel), [
    Channel.environmentParameters,
    Channel.engineConfiguration,
    ids[1],
    ids[0],
    ids[0],
  ]);
  assert.deepEqual(sent.slice(2).map(({ payload }) => payload[0]), [2, 1, 3]);
  assert.equal(channels.takeOutgoing().length, 0);
});

Deno.test("messages go to their channels", () => {
  const raw = new RawBytesChannel(ids[0]);
  const channels = new SideChannels({ sideChannels: [raw] });
  channels.receive(Uint8Array.of(...block(ids[0], 1), ...block(ids[0], 2)));
  assert.deepEqual(raw.take(), [Uint8Array.of(1), Uint8Array.of(2)]);
  assert.deepEqual(raw.take(), []);
});

Deno.test("two channels of one id are refused", () => {
  const make = (...sideChannels: RawBytesChannel[]) =>
    new SideChannels({ sideChannels });
  const twins = [new RawBytesChannel(ids[0]), new RawBytesChannel(ids[0])];
  assert.throws(() => make(...twins), UserError);
  assert.throws(
    () => make(new RawBytesChannel(Channel.engineConfiguration)),
    /^UserError: side channel e951342c-.*two side channels of one id/,
  );
});

Deno.test("what nobody knows is kept for one message, then reported once", () => {
  const notices: string[] = [];
  const channels = new SideChannels({
    onNotice: (notice) => notices.push(notice),
  });
  channels.receive(block(ids[0], 1));
  const first = new RawBytesChannel(ids[0]);
  channels.add(first);
  assert.deepEqual(first.take(), [Uint8Array.of(1)]);
  for (let i = 0; i < 3; i++) channels.receive(block(ids[1], i));
  assert.equal(notices.length, 1);
  assert.match(notices[0], new RegExp(`${ids[1]}.*are ignored`));
  // Only the latest message has waited.
  const second = new RawBytesChannel(ids[1]);
  channels.add(second);
  assert.deepEqual(second.take(), [Uint8Array.of(2)]);
  channels.receive(new Uint8Array());
  assert.equal(notices.length, 1);
});
