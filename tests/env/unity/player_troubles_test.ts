/**
 * What can go wrong with a player's process: each trouble is an error that
 * names it, in the time that is promised, and leaves no process and no port.
 * With REPEAT=10 in the environment each is tried ten times in a row.
 */
import assert from "node:assert/strict";
import { join } from "node:path";
import { EnvironmentLost } from "../../../lib/env/environment_lost.ts";
import { UnityEnvironment } from "../../../lib/env/unity/unity_environment.ts";
import type { UnityEnvironmentOptions } from "../../../lib/env/unity/unity_environment_options.ts";
import { UserError } from "../../../lib/errors.ts";
import { testRepeatedly } from "../../support/test_repeatedly.ts";
import { oneAgent } from "./conversation.ts";
import { delay, FakePlayer, freePort } from "./fake_player.ts";
import { processesInGroup, withScript } from "./scripts.ts";

/** Seconds to wait for messages that do not come. */
const SHORT = 0.4;
/** Seconds that a busy machine may add to what is promised. */
const SLACK = 10;

/** A process that lives until it is told to quit. */
const LIVES = 'while [ ! -e "$folder/quit" ]; do sleep 0.02; done';

/** A script that is started as a player, and the test that speaks for it. */
class Scene {
  readonly port = freePort();
  readonly notices: string[] = [];

  constructor(readonly executable: string, readonly folder: string) {}

  start(
    options: Partial<UnityEnvironmentOptions> = {},
  ): Promise<UnityEnvironment> {
    return UnityEnvironment.start({
      executable: this.executable,
      basePort: this.port,
      onNotice: (notice) => this.notices.push(notice),
      ...options,
    });
  }

  /** Both sides after the handshake. */
  async greet(
    options: Partial<UnityEnvironmentOptions> = {},
  ): Promise<{ environment: UnityEnvironment; player: FakePlayer }> {
    const starting = this.start(options);
    const player = await FakePlayer.connect(this.port);
    const greeted = player.greet();
    await greeted;
    // The answer comes with the first reset.
    player.ready().then((answer) => this.#reset.resolve(answer.status));
    return { environment: await starting, player };
  }

  /** The status in the answer to the second call. */
  get reset(): Promise<number> {
    return this.#reset.promise;
  }
  readonly #reset = Promise.withResolvers<number>();

  quit(): void {
    Deno.writeTextFileSync(join(this.folder, "quit"), "");
  }

  /** The script's process id; null if it has not run. */
  get processId(): number | null {
    try {
      const text = Deno.readTextFileSync(join(this.folder, "pid"));
      return text.endsWith("\n") ? Number(text) : null;
    } catch {
      return null;
    }
  }

  async started(): Promise<number> {
    while (this.processId === null) await delay(5);
    return this.processId;
  }
}

/** A trouble: what the process does, and what comes of it. */
function trouble(
  name: string,
  script: string,
  body: (scene: Scene) => Promise<void>,
): void {
  const head = 'folder=$(dirname "$0"); echo $$ > "$folder/pid"; ';
  testRepeatedly(
    name,
    () =>
      withScript(head + script, async (executable, folder) => {
        const scene = new Scene(executable, folder);
        await body(scene);
        const { processId, port } = scene;
        if (processId !== null) {
          assert.deepEqual(processesInGroup(processId), [], "processes left");
        }
        for (const hostname of ["127.0.0.1", "::1"]) {
          Deno.listen({ hostname, port }).close();
        }
      }),
  );
}

/** Expects that a loss of this kind is reported within some seconds. */
async function loses(
  promise: Promise<unknown>,
  reason: EnvironmentLost["reason"],
  message: RegExp,
  seconds: number,
): Promise<void> {
  const start = performance.now();
  await assert.rejects(promise, (error: unknown) => {
    assert(error instanceof EnvironmentLost, String(error));
    assert.equal(error.reason, reason, error.message);
    assert.match(error.message, message);
    return true;
  });
  const elapsed = (performance.now() - start) / 1000;
  assert(elapsed < seconds + SLACK, `${elapsed} s instead of ${seconds} s`);
}

async function refuses(
  promise: Promise<unknown>,
  message: RegExp,
): Promise<void> {
  await assert.rejects(promise, (error: unknown) => {
    assert(error instanceof UserError, String(error));
    assert.match(error.message, message);
    return true;
  });
}

trouble("never connects, and does nothing", "sleep 100", async (scene) => {
  await loses(
    scene.start({ timeoutWait: SHORT }),
    "silent",
    /No Unity player has connected to port \d+ within 0\.4 s \(found its process \d+ was idle: 0\.\d s of[^]*behavior type/,
    SHORT + 1,
  );
});

trouble(
  "never connects, but works hard",
  "while :; do :; done",
  async (scene) => {
    await loses(
      scene.start({ timeoutWait: 1 }),
      "silent",
      /was busy: \d(\.\d)? s of processor time\)\n {2}If it loads or[^]*raise --timeout-wait/,
      1 + 1,
    );
  },
);

trouble("stops before it connects", "kill -STOP $$", async (scene) => {
  await loses(
    scene.start({ timeoutWait: SHORT }),
    "silent",
    /process (\d+) is stopped\)[^]*kill -CONT -- -\1 /,
    SHORT + 1,
  );
});

for (const [name, signal] of [["crashes", "SEGV"], ["is killed", "KILL"]]) {
  trouble(`${name} before it connects`, `kill -${signal} $$`, async (scene) => {
    const message = new RegExp(`ended \\(found killed by SIG${signal}\\)`);
    await loses(scene.start(), "ended", message, 0);
  });
}

trouble("hangs between the calls of the handshake", LIVES, async (scene) => {
  const starting = scene.start({ timeoutWait: SHORT });
  const failed = loses(starting, "silent", /silent for 0\.4 s/, SHORT + 1);
  const player = await FakePlayer.connect(scene.port);
  await player.greet();
  await failed;
  player.client.close();
});

for (const step of [0, 1, 5]) {
  trouble(`hangs at step ${step}`, LIVES, async (scene) => {
    const { environment, player } = await scene.greet({ timeoutWait: SHORT });
    const playing = (async () => {
      await scene.reset;
      for (let i = 0; i < step; i++) await player.send(oneAgent);
    })();
    for (let i = 0; i < step; i++) await environment.step();
    await loses(
      environment.step(),
      "silent",
      /silent for 0\.4 s \(found its process \d+ was idle[^]*wait for input/,
      SHORT,
    );
    await environment.close();
    await playing.catch(() => {});
    player.client.close();
  });
}

trouble("answers too late: it is told to quit", LIVES, async (scene) => {
  const { environment, player } = await scene.greet({ timeoutWait: SHORT });
  await loses(environment.reset(), "silent", /silent/, SHORT);
  assert.equal(await scene.reset, 200);
  const late = player.send(oneAgent);
  await delay(20);
  const closing = environment.close();
  assert.equal((await late).status, 400);
  scene.quit();
  await closing;
  player.client.close();
  assert.deepEqual(scene.notices, []);
});

trouble("closes politely", LIVES, async (scene) => {
  const { environment, player } = await scene.greet();
  const lost = loses(environment.reset(), "closed", /has closed the con/, 0);
  await scene.reset;
  assert.equal((await player.send({ status: 400 })).status, 400);
  scene.quit();
  await lost;
  await environment.close();
  player.client.close();
});

trouble("crashes in a step", LIVES, async (scene) => {
  const { environment, player } = await scene.greet();
  const lost = loses(environment.reset(), "ended", /killed by SIGKILL/, 1);
  await scene.reset;
  Deno.kill(await scene.started(), "SIGKILL");
  player.client.close();
  await lost;
  await environment.close();
});

trouble("hangs up and lives on", LIVES, async (scene) => {
  const { environment, player } = await scene.greet();
  const lost = loses(
    environment.reset(),
    "disconnected",
    /was dropped \(found its process \d+ still runs\)/,
    1,
  );
  await scene.reset;
  player.client.close();
  await lost;
  await environment.close();
});

trouble("plays on without a trainer that refuses it", LIVES, async (scene) => {
  const starting = scene.start();
  const refused = refuses(starting, /another version of the protocol/);
  const player = await FakePlayer.connect(scene.port);
  await player.greet("2.0.0");
  assert.equal((await player.ready()).status, 400);
  await refused;
  player.client.close();
});

trouble(
  "heeds neither the order to quit nor the system's",
  "trap '' TERM; while :; do sleep 0.02; done",
  async (scene) => {
    const { environment, player } = await scene.greet();
    const reset = environment.reset();
    await scene.reset;
    const last = player.send(oneAgent);
    await reset;
    await environment.close();
    assert.equal((await last).status, 400);
    player.client.close();
    assert.equal(scene.notices.length, 1);
    assert.match(
      scene.notices[0],
      /Waiting for the Unity player \(process \d+\) to quit\..*in 4 s\.$/,
    );
  },
);

trouble("has a disk that is full for its log", LIVES, async (scene) => {
  const log = join(scene.folder, "Player-0.log");
  Deno.symlinkSync("/dev/full", log);
  Deno.writeTextFileSync(
    scene.executable,
    '#!/bin/sh\nfolder=$(dirname "$0"); echo $$ > "$folder/pid"\n' +
      `echo begins > "$4"; ${LIVES}; echo ends > "$4" || exit 5\n`,
  );
  const { environment, player } = await scene.greet({
    logDirectory: scene.folder,
  });
  const reset = environment.reset();
  await scene.reset;
  const last = player.send(oneAgent);
  await reset;
  const lost = loses(environment.step(), "ended", /code 5[^]*I\/O error/, 1);
  assert.equal((await last).status, 200);
  scene.quit();
  await lost;
  await environment.close();
  player.client.close();
});

trouble("finds its port taken", LIVES, async (scene) => {
  for (const hostname of ["127.0.0.1", "::1"]) {
    const holder = Deno.listen({ hostname, port: scene.port });
    const message = new RegExp(
      `Port ${scene.port} is in use \\(found .*process ${Deno.pid}\\)`,
    );
    await refuses(scene.start(), message);
    holder.close();
  }
  assert.equal(scene.processId, null);
});

trouble("may not be run", LIVES, async (scene) => {
  Deno.chmodSync(scene.executable, 0o644);
  await refuses(scene.start(), /may not be executed[^]*chmod \+x/);
  assert.equal(scene.processId, null);
});

trouble("is made for another machine", LIVES, async (scene) => {
  const program = Deno.readFileSync(Deno.execPath());
  // IBM's mainframes.
  program[18] = 22;
  Deno.writeFileSync(scene.executable, program);
  await refuses(scene.start(), /made for another machine.*machine 22/);
  // A program of Windows.
  const header = new Uint8Array(256);
  header.set([0x4d, 0x5a]);
  header[0x3c] = 0x80;
  header.set([0x50, 0x45, 0, 0, 0x64, 0x86], 0x80);
  Deno.writeFileSync(scene.executable, header);
  await refuses(scene.start(), /a Windows program for x86_64; allowed: Linux/);
});
