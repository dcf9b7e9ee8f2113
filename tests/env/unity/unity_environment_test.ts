import assert from "node:assert/strict";
import { enginePresets } from "../../../lib/env/unity/side_channels/engine_configuration.ts";
import {
  Channel,
  joinMessages,
  splitMessages,
} from "../../../lib/env/unity/side_channels/framing.ts";
import { PayloadWriter } from "../../../lib/env/unity/side_channels/payload.ts";
import { RawBytesChannel } from "../../../lib/env/unity/side_channels/raw_bytes.ts";
import { SideChannel } from "../../../lib/env/unity/side_channels/side_channel.ts";
import { statisticMessages } from "../../../lib/env/unity/side_channels/statistics.ts";
import { UnityEnvironment } from "../../../lib/env/unity/unity_environment.ts";
import { UserError } from "../../../lib/errors.ts";
import { continuous, converse, oneAgent, rejects } from "./conversation.ts";
import { type Answer, FakePlayer, freePort } from "./fake_player.ts";

/** The id of a channel that only some tests know. */
const custom = "00112233-4455-6677-8899-aabbccddeeff";

Deno.test("handshake, reset, steps and the end", async () => {
  await converse(async (player) => {
    const reset = await player.ready();
    assert.equal(reset.status, 200);
    assert.equal(reset.hasInput, true);
    assert.equal(reset.command, 1);
    const step = await player.send(oneAgent);
    assert.deepEqual([step.status, step.command], [200, 0]);
    assert.deepEqual(step.agentActions.map((part) => part.behavior), ["A"]);
    const again = await player.send({
      infos: { A: [{ id: 1, observations: [[3, 4]], reward: 0.5 }] },
    });
    assert.equal(again.command, 1);
    const end = await player.send(oneAgent);
    assert.equal(end.status, 400);
    assert.equal(end.hasInput, false);
  }, async (environment) => {
    await environment.reset();
    const spec = environment.behaviorSpecs.get("A");
    assert.deepEqual(spec?.actionSpec, continuous);
    assert.deepEqual(spec?.observationSpecs.map((o) => o.shape), [[2]]);
    const first = environment.getSteps("A").decision;
    assert.deepEqual([...first.observations[0].subarray(0, 2)], [1, 2]);
    await environment.step();
    assert.equal(environment.getSteps("A").decision.rewards[0], 0.5);
    await environment.reset();
  });
});

Deno.test("a step before the first reset is that reset", async () => {
  await converse(async (player) => {
    assert.equal((await player.ready()).command, 1);
    assert.equal((await player.send(oneAgent)).status, 400);
  }, (environment) => environment.step());
});

Deno.test("the player is told seed, areas and versions", async () => {
  const greetings: Answer["greeting"][] = [];
  for (const packageVersion of ["3.0.0", "1.0.8"]) {
    const editorPort = freePort();
    const starting = UnityEnvironment.start({
      executable: null,
      editorPort,
      seed: 42,
      numAreas: 3,
    });
    const player = await FakePlayer.connect(editorPort);
    const answer = await player.greet("1.0.0", packageVersion);
    assert.equal(answer.status, 200);
    greetings.push(answer.greeting);
    const ready = player.ready();
    const closing = (await starting).close();
    assert.equal((await ready).status, 400);
    player.client.close();
    await closing;
  }
  const [present, old] = greetings;
  assert.equal(present?.seed, 42);
  assert.equal(present?.numAreas, 3);
  assert.equal(present?.communicationVersion, "1.5.0");
  assert.equal(present?.capabilities?.has("hybridActions"), true);
  assert.equal(old?.packageVersion, "0.20.0");
});

Deno.test("a player of another protocol is refused in its second call", async () => {
  const editorPort = freePort();
  const starting = UnityEnvironment.start({
    executable: null,
    editorPort,
    seed: 1,
  });
  const failed = rejects(starting, /found communication version 2\.0\.0.*1\.5/);
  const player = await FakePlayer.connect(editorPort);
  assert.equal((await player.greet("2.0.0")).status, 200);
  assert.equal((await player.ready()).status, 400);
  player.client.close();
  await failed;
});

Deno.test("parameters and the engine's settings come with the reset", async () => {
  await converse(async (player) => {
    const reset = splitMessages((await player.ready()).sideChannel);
    assert.deepEqual(reset.map(({ channel }) => channel), [
      Channel.environmentParameters,
      ...Array(5).fill(Channel.engineConfiguration),
    ]);
    const step = splitMessages((await player.send(oneAgent)).sideChannel);
    assert.deepEqual(step.map(({ channel }) => channel), [
      Channel.environmentParameters,
      Channel.environmentParameters,
      Channel.engineConfiguration,
    ]);
    assert.deepEqual((await player.send(oneAgent)).sideChannel.length, 0);
  }, async (environment) => {
    environment.setParameters({ gravity: 1 });
    await environment.reset();
    environment.engine.set({ timeScale: 1 });
    environment.setParameters({ gravity: 2, scale: 3 });
    await environment.step();
  }, { engine: enginePresets.training });
});

Deno.test("nothing is sent with the handshake's first answer", async () => {
  const editorPort = freePort();
  const starting = UnityEnvironment.start({
    executable: null,
    editorPort,
    engine: { timeScale: 2 },
  });
  const player = await FakePlayer.connect(editorPort);
  const greeting = await player.greet();
  assert.equal(greeting.hasInput, false);
  assert.equal(greeting.greeting?.seed, 0);
  const ready = player.ready();
  const environment = await starting;
  const resetting = environment.reset();
  assert.equal(splitMessages((await ready).sideChannel).length, 1);
  const last = player.send(oneAgent);
  await resetting;
  const closing = environment.close();
  await last;
  player.client.close();
  await closing;
});

Deno.test("a user's own channels talk in both directions", async () => {
  const log: string[] = [];
  const echo = new SideChannel(custom, (message) => {
    log.push(`${message.string()} ${message.int32()}`);
    echo.send((answer) => answer.bool(true));
  });
  const raw = new RawBytesChannel("aaaaaaaa-4455-6677-8899-aabbccddeeff");
  raw.send(Uint8Array.of(1));
  echo.send((message) => message.float32(0.5));
  raw.send(Uint8Array.of(2, 3));
  await converse(async (player) => {
    const reset = splitMessages((await player.ready()).sideChannel);
    // Channel by channel in the order of the options, then as they were sent.
    assert.deepEqual(reset, [
      { channel: raw.id, payload: Uint8Array.of(1) },
      { channel: raw.id, payload: Uint8Array.of(2, 3) },
      { channel: echo.id, payload: Uint8Array.of(0, 0, 0, 0x3f) },
    ]);
    const payload = new PayloadWriter().string("tree").int32(7).finish();
    const sideChannel = joinMessages([
      { channel: custom, payload },
      { channel: raw.id, payload: Uint8Array.of(9) },
    ]);
    const step = await player.send({ ...oneAgent, sideChannel });
    assert.deepEqual(splitMessages(step.sideChannel), [
      { channel: custom, payload: Uint8Array.of(1) },
    ]);
    await player.send(oneAgent);
  }, async (environment) => {
    await environment.reset();
    assert.deepEqual(log, ["tree 7"]);
    assert.deepEqual(raw.take(), [Uint8Array.of(9)]);
    await environment.step();
  }, { sideChannels: [raw, echo] });
});

Deno.test("a channel that is added late gets the latest messages", async () => {
  const late = new RawBytesChannel(custom);
  const sideChannel = joinMessages([
    { channel: custom, payload: Uint8Array.of(5) },
  ]);
  await converse(async (player) => {
    await player.ready();
    await player.send({ ...oneAgent, sideChannel });
    await player.send(oneAgent);
  }, async (environment) => {
    await environment.reset();
    environment.addSideChannel(late);
    assert.deepEqual(late.take(), [Uint8Array.of(5)]);
    assert.throws(() => environment.addSideChannel(late), UserError);
    await environment.step();
  }, { onNotice: (notice) => assert.fail(notice) });
});

Deno.test("a handler that fails is named, and the player goes on", async () => {
  const strict = new SideChannel(custom, (message) => {
    if (message.int32() === 1) throw new Error("no such tree");
  });
  const sideChannel = (first: number) =>
    joinMessages([{
      channel: custom,
      payload: new PayloadWriter().int32(first).finish(),
    }]);
  await converse(async (player) => {
    await player.ready();
    await player.send({ ...oneAgent, sideChannel: sideChannel(1) });
    await player.send({ ...oneAgent, sideChannel: sideChannel(2) });
  }, async (environment) => {
    await rejects(
      environment.reset(),
      /^side channel 00112233-.*no such tree \(found 4 bytes: 01 00 00 00\)/,
    );
    assert.equal(environment.getSteps("A").decision.count, 1);
    await environment.step();
  }, { sideChannels: [strict] });
});

Deno.test("behaviors may appear late, and lists may be empty", async () => {
  await converse(async (player) => {
    await player.ready();
    // B is named before anything is known of it.
    const first = await player.send({
      infos: { ...oneAgent.infos, B: [] },
      specs: oneAgent.specs,
    });
    assert.deepEqual(first.agentActions.map((p) => p.behavior), ["A"]);
    const second = await player.send({
      infos: { A: [], B: [{ id: 2, observations: [[5], [6, 7]] }] },
      specs: { B: { continuousSize: 0, discreteBranches: [3] } },
    });
    const lengths = second.agentActions
      .map((part) => [part.behavior, part.end > part.start]);
    assert.deepEqual(lengths, [["A", false], ["B", true]]);
    await player.send({
      infos: { C: [{ id: 1, observations: [[1]] }], A: [] },
    });
  }, async (environment) => {
    await environment.reset();
    assert.deepEqual([...environment.behaviorSpecs.keys()], ["A"]);
    assert.throws(() => environment.getSteps("B"), UserError);
    await environment.step();
    assert.equal(environment.getSteps("A").decision.count, 0);
    assert.equal(environment.getSteps("B").decision.count, 1);
    const sensors = environment.behaviorSpecs.get("B")?.observationSpecs;
    assert.deepEqual(sensors?.map((sensor) => sensor.shape), [[1], [2]]);
    environment.setActions("B", {
      continuous: new Float32Array(),
      discrete: Int32Array.of(2),
    });
    // C was never described, so the message holds nobody: the player is told
    // to go on, and ends.
    await rejects(environment.step(), /dropped/);
  });
});

Deno.test("messages without any agent are answered with a step", async () => {
  await converse(async (player) => {
    await player.ready();
    for (let i = 0; i < 3; i++) {
      const answer = await player.send({ infos: { A: [] } });
      assert.deepEqual([answer.status, answer.command], [200, 0]);
    }
    await player.send(oneAgent);
  }, async (environment) => {
    await environment.reset();
    assert.equal(environment.getSteps("A").decision.count, 1);
  });
});

Deno.test("statistics are taken once; unknown channels are reported once", async () => {
  const notices: string[] = [];
  const statistics = [
    { name: "goals", value: 1, aggregation: "sum" },
    { name: "goals", value: 2, aggregation: "sum" },
  ] as const;
  await converse(async (player) => {
    await player.ready();
    const sideChannel = joinMessages([
      ...statisticMessages(statistics),
      { channel: custom, payload: Uint8Array.of(1) },
    ]);
    for (let i = 0; i < 3; i++) {
      await player.send({ ...oneAgent, sideChannel });
    }
  }, async (environment) => {
    await environment.reset();
    assert.deepEqual(environment.takeStatistics(), statistics);
    assert.deepEqual(environment.takeStatistics(), []);
    await environment.step();
    assert.equal(environment.takeStatistics().length, 2);
    await environment.step();
  }, { onNotice: (notice) => notices.push(notice) });
  assert.equal(notices.length, 1);
  assert(notices[0].includes(custom));
});

Deno.test("images arrive with the channels first, as the package sends them", async () => {
  // One row of two pixels with three channels.
  const channelsLast = [1, 2, 3, 4, 5, 6];
  const cases: [string, number[], "CHW" | undefined, number[]][] = [
    ["2.0.0", [1, 2, 3], undefined, [1, 4, 2, 5, 3, 6]],
    ["3.0.0", [3, 1, 2], undefined, [1, 4, 2, 5, 3, 6]],
    ["4.1.0", [3, 1, 2], undefined, [1, 2, 3, 4, 5, 6]],
    ["3.0.0", [3, 1, 2], "CHW", [1, 2, 3, 4, 5, 6]],
  ];
  for (const [version, shape, floatImageOrder, expected] of cases) {
    await converse(async (player) => {
      await player.ready();
      await player.send({
        infos: { A: [{ id: 1, observations: [channelsLast] }] },
        specs: { A: continuous },
        shape,
      });
    }, async (environment) => {
      await environment.reset();
      const [camera] = environment.behaviorSpecs.get("A")?.observationSpecs ??
        [];
      assert.deepEqual(camera.shape, [3, 1, 2]);
      assert.deepEqual(camera.dimensionProperties, [1, 2, 2]);
      const { observations } = environment.getSteps("A").decision;
      assert.deepEqual([...observations[0].subarray(0, 6)], expected);
    }, { floatImageOrder, packageVersion: version });
  }
});

Deno.test("NaN and damaged messages are errors that name the cause", async () => {
  await converse(async (player) => {
    await player.ready();
    await player.send({
      infos: { A: [{ id: 4, observations: [[1, NaN]] }] },
      specs: { A: continuous },
    });
  }, (environment) => {
    const message = /^A: Sensor "sensor 0" of agent 4: value 1 is/;
    return rejects(environment.reset(), message);
  });
  await converse(
    async (player) => {
      await player.ready();
      await player.sendBytes(Uint8Array.of(0x0a, 0x03, 0x08));
    },
    (environment) =>
      rejects(environment.reset(), /player sent a message that cannot be read/),
  );
});

Deno.test("a player that says goodbye is answered, and named", async () => {
  await converse(async (player) => {
    await player.ready();
    const answer = await player.send({ status: 400 });
    assert.equal(answer.status, 400);
  }, async (environment) => {
    await rejects(environment.reset(), /has closed the connection and quits/);
    await assert.rejects(environment.step(), UserError);
  });
});

Deno.test("a player may also say goodbye in the handshake", async () => {
  const editorPort = freePort();
  const starting = UnityEnvironment.start({
    executable: null,
    editorPort,
    seed: 1,
  });
  const failed = rejects(starting, /has closed the connection and quits/);
  const player = await FakePlayer.connect(editorPort);
  await player.greet();
  assert.equal((await player.send({ status: 400 })).status, 400);
  player.client.close();
  await failed;
});

Deno.test("only one Editor, only real ports", async () => {
  const options = { executable: null, seed: 1 };
  const second = UnityEnvironment.start({ ...options, workerId: 1 });
  await rejects(second, /Editor can be one environment only/);
  const high = UnityEnvironment.start({
    executable: "game",
    seed: 1,
    basePort: 65_530,
    workerId: 6,
  });
  await rejects(high, /cannot have this port \(found 65536/);
});
