import assert from "node:assert/strict";
import {
  joinMessages,
  splitMessages,
} from "../../../lib/env/unity/side_channels/framing.ts";
import { statisticMessages } from "../../../lib/env/unity/side_channels/statistics.ts";
import {
  UnityEnvironment,
  type UnityEnvironmentOptions,
} from "../../../lib/env/unity/unity_environment.ts";
import { UserError } from "../../../lib/errors.ts";
import { type Answer, delay, FakePlayer, freePort } from "./fake_player.ts";
import { isRunning, processesNaming, withScript } from "./scripts.ts";

const continuous = { continuousSize: 1, discreteBranches: [] };

type Script = (player: FakePlayer) => Promise<unknown>;

/**
 * Runs a trainer's side and a player's side together. The player's script
 * begins after the handshake unless `greets` is false.
 */
async function converse(
  playerSide: Script,
  trainerSide: (environment: UnityEnvironment) => Promise<unknown>,
  options: Partial<UnityEnvironmentOptions> = {},
): Promise<void> {
  const editorPort = freePort();
  const starting = UnityEnvironment.start({
    executable: null,
    editorPort,
    seed: 1,
    timeoutWait: 5,
    ...options,
  });
  const player = FakePlayer.connect(editorPort).then(async (connected) => {
    try {
      await connected.greet();
      await playerSide(connected);
    } finally {
      connected.client.close();
    }
  });
  const trainer = starting.then(async (environment) => {
    try {
      await trainerSide(environment);
    } finally {
      await environment.close();
    }
  });
  await Promise.all([player, trainer]);
}

/** Expects a UserError whose text matches. */
async function rejects(promise: Promise<unknown>, message: RegExp) {
  await assert.rejects(
    promise,
    (error: unknown) => {
      assert(error instanceof UserError, String(error));
      assert.match(error.message, message);
      return true;
    },
  );
}

/** A message with one agent of behavior A. */
const oneAgent = {
  infos: { A: [{ id: 1, observations: [[1, 2]] }] },
  specs: { A: continuous },
};

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
  assert.equal(present?.hybridActions, true);
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

Deno.test("the engine's settings and parameters come with the reset", async () => {
  const engineSettings = {
    width: 84,
    height: 84,
    quality_level: 5,
    time_scale: 20,
    target_frame_rate: -1,
    capture_frame_rate: 60,
  };
  await converse(async (player) => {
    const reset = splitMessages((await player.ready()).sideChannel);
    assert.equal(reset.length, 5 + 1);
    assert.match(reset[0].channel, /^e951342c/);
    assert.match(reset[5].channel, /^534c891e/);
    const step = splitMessages((await player.send(oneAgent)).sideChannel);
    assert.equal(step.length, 2);
    assert.deepEqual((await player.send(oneAgent)).sideChannel.length, 0);
  }, async (environment) => {
    environment.setParameters({ gravity: 1 });
    await environment.reset();
    environment.setParameters({ gravity: 2, scale: 3 });
    await environment.step();
  }, { engineSettings });
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
  const channel = "00112233-4455-6677-8899-aabbccddeeff";
  await converse(async (player) => {
    await player.ready();
    const sideChannel = joinMessages([
      ...statisticMessages(statistics),
      { channel, payload: Uint8Array.of(1) },
    ]);
    await player.send({ ...oneAgent, sideChannel });
    await player.send({ ...oneAgent, sideChannel });
  }, async (environment) => {
    await environment.reset();
    assert.deepEqual(environment.takeStatistics(), statistics);
    assert.deepEqual(environment.takeStatistics(), []);
    await environment.step();
    assert.equal(environment.takeStatistics().length, 2);
  }, { onNotice: (notice) => notices.push(notice) });
  assert.equal(notices.length, 1);
  assert(notices[0].includes(channel));
});

Deno.test("observations that are no vectors are refused by name", async () => {
  for (const shape of [[2, 1], [1, 2, 1]]) {
    await converse(async (player) => {
      await player.ready();
      await player.send({ ...oneAgent, shape });
    }, async (environment) => {
      await rejects(
        environment.reset(),
        /^A: .*sensor "sensor 0" are not supported.*shape \[[\d, ]+\].*vectors/,
      );
    });
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
    const message = /^A: Value 1 of sensor "sensor 0" of agent 4/;
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

Deno.test("a dropped connection ends the wait at once", async () => {
  await converse(
    async (player) => {
      await player.ready();
      player.client.close();
    },
    (environment) => rejects(environment.reset(), /connection .* was dropped/),
  );
});

Deno.test("a player that goes silent is a time-out with its cause", async () => {
  const over = Promise.withResolvers<void>();
  await converse(async (player) => {
    await player.ready();
    await over.promise;
  }, async (environment) => {
    await rejects(environment.reset(), /silent for 0\.2 s/);
    over.resolve();
  }, { timeoutWait: 0.2 });
});

Deno.test("a player that falls silent in the handshake is a time-out", async () => {
  const editorPort = freePort();
  const starting = UnityEnvironment.start({
    executable: null,
    editorPort,
    seed: 1,
    timeoutWait: 0.2,
  });
  const failed = rejects(starting, /silent for 0\.2 s/);
  const player = await FakePlayer.connect(editorPort);
  await player.greet();
  await failed;
  player.client.close();
});

Deno.test("waiting for a player ends with the caller's signal", async () => {
  const abort = new AbortController();
  const starting = UnityEnvironment.start({
    executable: null,
    editorPort: freePort(),
    seed: 1,
    signal: abort.signal,
  });
  setTimeout(() => abort.abort(new Error("enough")), 20);
  await assert.rejects(starting, /enough/);
  await assert.rejects(
    UnityEnvironment.start({
      executable: null,
      editorPort: freePort(),
      seed: 1,
      signal: abort.signal,
    }),
    /enough/,
  );
});

Deno.test("a player that is busy while we close is told to quit", async () => {
  const abort = new AbortController();
  await converse(async (player) => {
    await player.ready();
    abort.abort(new Error("enough"));
    await delay(50);
    assert.equal((await player.send(oneAgent)).status, 400);
  }, async (environment) => {
    await assert.rejects(environment.reset(), /enough/);
  }, { signal: abort.signal });
});

Deno.test("nobody connects: hints for the Editor and for builds", async () => {
  const editor = UnityEnvironment.start({
    executable: null,
    editorPort: freePort(),
    seed: 1,
    timeoutWait: 0.1,
  });
  await rejects(editor, /No Unity player has connected[^]*Press Play/);
  await withScript("exec sleep 100", async (executable, folder) => {
    const build = UnityEnvironment.start({
      executable,
      args: [folder],
      basePort: freePort(),
      seed: 1,
      timeoutWait: 0.3,
    });
    await rejects(build, /within 0\.3 s[^]*behavior type[^]*--no-graphics/);
    assert.deepEqual(processesNaming(folder), []);
  });
});

Deno.test("a player that ends is named with exit code and last words", async () => {
  const script = "echo no display >&2; exit 7";
  await withScript(script, async (executable) => {
    const start = UnityEnvironment.start({
      executable,
      basePort: freePort(),
      seed: 1,
    });
    await rejects(start, /ended \(found exit code 7\)[^]*no display/);
  });
});

Deno.test("missing players and taken ports are said before any start", async () => {
  const basePort = freePort();
  const missing = UnityEnvironment.start({
    executable: "/no/such/game",
    basePort,
    seed: 1,
  });
  await rejects(missing, /no such Unity player/);
  const holder = Deno.listen({ hostname: "127.0.0.1", port: basePort });
  await withScript(
    'touch "$(dirname "$0")/ran"',
    async (executable, folder) => {
      const taken = UnityEnvironment.start({ executable, basePort, seed: 1 });
      await rejects(taken, new RegExp(`Port ${basePort} is in use`));
      await delay(50);
      assert.throws(() => Deno.statSync(`${folder}/ran`));
    },
  );
  holder.close();
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

Deno.test("a player that does not quit when told to is killed", async () => {
  const script = 'echo $$ > "$(dirname "$0")/pid"; exec sleep 100';
  await withScript(script, async (executable, folder) => {
    const basePort = freePort();
    const starting = UnityEnvironment.start({ executable, basePort, seed: 1 });
    // The test speaks for the player and hangs up; the process stays.
    const player = await FakePlayer.connect(basePort);
    await player.greet();
    const ready = player.ready();
    const environment = await starting;
    const reset = environment.reset();
    await ready;
    player.client.close();
    await rejects(reset, /dropped/);
    const pid = Number(Deno.readTextFileSync(`${folder}/pid`));
    assert(isRunning(pid));
    await environment.close();
    assert(!isRunning(pid));
  });
});
