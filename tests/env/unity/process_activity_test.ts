import assert from "node:assert/strict";
import { PlayerProcess } from "../../../lib/env/unity/player_process.ts";
import { processActivity } from "../../../lib/env/unity/process_activity.ts";
import { delay } from "./fake_player.ts";
import { withScript } from "./scripts.ts";

const plain = { port: 5005, noGraphics: false, logFile: null, args: [] };

/** Runs `body` with a script as a player. */
function withPlayer(
  script: string,
  body: (player: PlayerProcess) => Promise<void>,
): Promise<void> {
  return withScript(script, async (executable) => {
    const player = new PlayerProcess({ executable, ...plain });
    try {
      await body(player);
    } finally {
      await player.stop(0);
    }
  });
}

const ignore = Deno.build.os !== "linux";

Deno.test("work of a program's children is its work", { ignore }, async () => {
  // A child that works, and one that has worked and ended.
  const script = "sh -c 'while :; do :; done' & " +
    "sh -c 'i=0; while [ $i -lt 30000 ]; do i=$((i+1)); done'; wait";
  await withPlayer(script, async (player) => {
    const secondsOf = () => player.activity?.processorSeconds ?? 0;
    while (secondsOf() < 0.2) await delay(10);
    const before = secondsOf();
    while (secondsOf() < before + 0.1) await delay(10);
    assert.equal(player.activity?.isRunning, true);
    assert.equal(player.activity?.isStopped, false);
  });
});

Deno.test("a program that waits does no work", { ignore }, async () => {
  await withPlayer("exec sleep 100", async (player) => {
    const secondsOf = () => player.activity?.processorSeconds ?? NaN;
    await delay(50);
    const before = secondsOf();
    await delay(300);
    assert.equal(player.activity?.isRunning, false);
    // Its start may take a moment on a busy machine.
    assert(secondsOf() - before < 0.1);
  });
});

Deno.test("a stopped program, or its child, is told", { ignore }, async () => {
  const scripts = ["exec sleep 100", "sleep 100 & kill -STOP $!; wait"];
  for (const [i, script] of scripts.entries()) {
    await withPlayer(script, async (player) => {
      if (i === 0) Deno.kill(player.pid, "SIGSTOP");
      while (!player.activity?.isStopped) await delay(5);
      Deno.kill(-player.pid, "SIGCONT");
      while (player.activity?.isStopped) await delay(5);
    });
  }
});

Deno.test("of what is not there nothing is told", () => {
  const activity = processActivity(2 ** 22 + 1);
  if (ignore) assert.equal(activity, null);
  else {
    assert.deepEqual(activity, {
      processorSeconds: 0,
      isRunning: false,
      isStopped: false,
    });
  }
});

Deno.test("without all access nothing is told, and nobody asked", async () => {
  const module = new URL(
    "../../../lib/env/unity/process_activity.ts",
    import.meta.url,
  );
  for (const flags of [[], ["--allow-read"]]) {
    const { stdout, stderr } = await new Deno.Command(Deno.execPath(), {
      args: [
        ...["run", "--quiet", "--no-check", ...flags],
        "data:application/typescript," + encodeURIComponent(`
          import { processActivity } from ${JSON.stringify(module.href)};
          console.log(processActivity(Deno.pid));`),
      ],
    }).output();
    const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
    assert.equal(text(stdout), "null\n", text(stderr));
  }
});
