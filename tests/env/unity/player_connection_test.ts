/** How players come, fall silent and go; seen from the environment. */
import assert from "node:assert/strict";
import { UnityEnvironment } from "../../../lib/env/unity/unity_environment.ts";
import { converse, oneAgent, rejects } from "./conversation.ts";
import { delay, FakePlayer, freePort } from "./fake_player.ts";
import { isRunning, processesNaming, withScript } from "./scripts.ts";

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
