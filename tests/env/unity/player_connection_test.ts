/** How players come, fall silent and go; seen from the environment. */
import assert from "node:assert/strict";
import {
  EnvironmentLost,
  type LossReason,
} from "../../../lib/env/environment_lost.ts";
import { UnityEnvironment } from "../../../lib/env/unity/unity_environment.ts";
import { converse, oneAgent, rejects } from "./conversation.ts";
import { delay, FakePlayer, freePort } from "./fake_player.ts";
import { withScript } from "./scripts.ts";

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

Deno.test("nobody connects: a hint for the Editor", async () => {
  const editor = UnityEnvironment.start({
    executable: null,
    editorPort: freePort(),
    seed: 1,
    timeoutWait: 0.1,
  });
  await rejects(editor, /No Unity player has connected[^]*Press Play/);
});

Deno.test("time in which this program is busy is not held against a player", async () => {
  await converse(async (player) => {
    await player.ready();
    // The answer is on its way while nobody here looks at the wire.
    const sent = player.send(oneAgent);
    const end = performance.now() + 700;
    while (performance.now() < end);
    assert.equal((await sent).status, 400);
  }, async (environment) => {
    await environment.reset();
  }, { timeoutWait: 0.4 });
});

Deno.test("very long times are not taken for short ones", async () => {
  await converse(async (player) => {
    await player.ready();
    await delay(50);
    assert.equal((await player.send(oneAgent)).status, 400);
  }, async (environment) => {
    await environment.reset();
  }, { timeoutWait: 1e9 });
});

Deno.test("the Editor is waited for, which the user is told", async () => {
  const waits: string[] = [];
  const editorPort = freePort();
  const starting = UnityEnvironment.start({
    executable: null,
    editorPort,
    onWaiting: (message) => waits.push(message),
  });
  const player = await FakePlayer.connect(editorPort);
  assert.deepEqual(waits, [
    `Waiting for the Unity Editor on port ${editorPort}: press Play there.`,
  ]);
  await player.greet("1.5.0", "2.3.0-exp.4");
  const ready = player.ready();
  const environment = await starting;
  assert.deepEqual(environment.versions, {
    communication: "1.5.0",
    package: "2.3.0-exp.4",
  });
  const closing = environment.close();
  assert.equal((await ready).status, 400);
  player.client.close();
  await closing;
});

Deno.test("each loss has its reason", async () => {
  const reasons: [LossReason, (player: FakePlayer) => unknown][] = [
    ["disconnected", (player) => player.client.close()],
    ["closed", (player) => player.send({ status: 400 })],
    ["silent", () => delay(300)],
  ];
  for (const [reason, act] of reasons) {
    await converse(async (player) => {
      await player.ready();
      await act(player);
    }, async (environment) => {
      // The first loss counts, also afterwards.
      for (let i = 0; i < 2; i++) {
        await assert.rejects(environment.step(), (error: unknown) => {
          assert(error instanceof EnvironmentLost, String(error));
          assert.equal(error.reason, reason);
          return true;
        });
      }
    }, { timeoutWait: 0.2 });
  }
});

Deno.test("a step waits for the one before and loses no message", async () => {
  await converse(async (player) => {
    await player.ready();
    assert.notEqual((await player.send(oneAgent)).sideChannel.length, 0);
    await player.send(oneAgent);
  }, async (environment) => {
    const first = environment.step();
    environment.setParameters({ gravity: 1 });
    await rejects(environment.step(), /still in the step before[^]*await/);
    await first;
    await environment.step();
  });
});

Deno.test("an environment that was closed is lost", async () => {
  await converse(async (player) => {
    await player.ready();
  }, async (environment) => {
    const waiting = environment.reset();
    const failed = rejects(waiting, /environment was closed/);
    await environment.close();
    await failed;
    await rejects(environment.step(), /environment was closed/);
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
