/** Signals to end, above all where the program waits for a player. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { delay, freePort } from "../env/unity/fake_player.ts";
import { isRunning } from "../env/unity/scripts.ts";
import { basicRun, writeConfiguration } from "../support/basic_run.ts";
import { assertFailure, startCommand, toOutcome } from "../support/command.ts";
import { filesOf } from "../support/files_of.ts";
import { withStrangePlayer } from "../support/strange_player.ts";
import { inTemporaryFolder } from "../util/temporary_folder.ts";

/** Reads the program's output until it has said something. */
async function waitFor(
  reader: ReadableStreamDefaultReader<string>,
  pattern: RegExp,
): Promise<void> {
  let seen = "";
  while (!pattern.test(seen)) {
    const { value, done } = await reader.read();
    if (done) assert.fail(`the program ended: ${seen}`);
    seen += value;
  }
}

Deno.test("Ctrl-C before the run begins leaves nothing behind", () =>
  inTemporaryFolder((folder) =>
    withStrangePlayer("absent", async (player, playerId) => {
      writeConfiguration(folder, { behaviors: { Game: {} } });
      const child = startCommand(
        ["run.yaml", `--env=${player}`, `--base-port=${freePort()}`],
        folder,
      );
      // Once the player has started, its connection is waited for.
      while (playerId() === 0) await delay(10);
      child.kill("SIGINT");
      const outcome = toOutcome(await child.output());
      assertFailure(outcome, 130, /stopped before the run began/);
      assert(!isRunning(playerId()));
      assert.deepEqual(Object.keys(await filesOf(folder)), ["run.yaml"]);
    })
  ));

/** A run with a player that says nothing after its first message. */
function withSilentPlayer(
  body: (
    child: Deno.ChildProcess,
    reader: ReadableStreamDefaultReader<string>,
    folder: string,
    playerId: () => number,
  ) => Promise<void>,
): Promise<void> {
  return inTemporaryFolder((folder) =>
    withStrangePlayer("silent", async (player, playerId) => {
      const { Basic } = basicRun.behaviors;
      writeConfiguration(folder, { behaviors: { Game: Basic } });
      const child = startCommand(
        ["run.yaml", `--env=${player}`, `--base-port=${freePort()}`],
        folder,
      );
      const reader = child.stdout.pipeThrough(new TextDecoderStream())
        .getReader();
      await waitFor(reader, /Game\. ppo/);
      assert(isRunning(playerId()));
      await body(child, reader, folder, playerId);
      await reader.cancel();
      await child.stderr.cancel();
      assert(!isRunning(playerId()), "the player is gone, too");
    })
  );
}

// Ctrl-C, the order of the system, and a terminal that is closed.
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
  Deno.test(`${signal} frees a run that waits for its player, and saves it`, () =>
    withSilentPlayer(async (child, reader, folder, playerId) => {
      child.kill(signal);
      await waitFor(
        reader,
        new RegExp(
          "Stopping after[^]*Saved step 0[^]*Stopped after.*--resume\\.\n" +
            `.*Waiting for the Unity player \\(process ${playerId()}\\)`,
        ),
      );
      assert.equal((await child.status).code, 130);
      const files = Object.keys(await filesOf(join(folder, "results", "ppo")));
      assert(files.includes("Game/Game-0.safetensors"));
      assert(!files.includes("run.lock"));
    }));
}

Deno.test("a player whose trainer is killed quits by itself", () =>
  inTemporaryFolder((folder) =>
    withStrangePlayer("plays", async (player, playerId) => {
      const { Basic } = basicRun.behaviors;
      writeConfiguration(folder, {
        behaviors: { Game: { ...Basic, max_steps: 1e9 } },
      });
      const child = startCommand(
        ["run.yaml", `--env=${player}`, `--base-port=${freePort()}`],
        folder,
      );
      const reader = child.stdout.pipeThrough(new TextDecoderStream())
        .getReader();
      await waitFor(reader, /Game\. Step/);
      child.kill("SIGKILL");
      await reader.cancel();
      await child.stderr.cancel();
      assert.equal((await child.status).signal, "SIGKILL");
      while (isRunning(playerId())) await delay(10);
    })
  ));

Deno.test("a second Ctrl-C ends at once", () =>
  withSilentPlayer(async (child, reader, folder) => {
    child.kill("SIGINT");
    // The player gets some time to quit, which this one never does.
    await waitFor(reader, /Stopped after/);
    child.kill("SIGINT");
    assert.equal((await child.status).code, 130);
    // What an orderly end would have removed is still there.
    const files = Object.keys(await filesOf(join(folder, "results", "ppo")));
    assert(files.includes("run.lock"));
    assert(files.includes("Game/Game-0.safetensors"));
  }));
