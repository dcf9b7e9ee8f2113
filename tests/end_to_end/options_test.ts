/** Options of the command line, each through a whole run. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { writePlayerWrapper } from "../../lib/env/player/player_wrapper.ts";
import { freePort } from "../env/unity/fake_player.ts";
import { basicRun, writeConfiguration } from "../support/basic_run.ts";
import { runCommand, startCommand } from "../support/command.ts";
import { digestOf } from "../support/files_of.ts";
import { inTemporaryFolder } from "../util/temporary_folder.ts";
import { shortRuns } from "./short_runs.ts";

/** Runs to a good end; returns what was printed. */
async function succeed(args: string[], folder: string): Promise<string> {
  const { code, output, errors } = await runCommand(args, folder);
  assert.equal(code, 0, errors);
  assert.equal(errors, "");
  return output;
}

Deno.test("--seed, --num-envs, --results-dir and --initialize-from", () =>
  inTemporaryFolder(async (folder) => {
    const file = writeConfiguration(folder, basicRun);
    const model = (run: string) =>
      digestOf(join(folder, "out", run, "Basic.onnx"));
    const start = (...args: string[]) =>
      succeed([file, "--results-dir=out", ...args], folder);
    await start("--run-id=a", "--seed=3");
    await start("--run-id=b", "--seed=3");
    assert.equal(await model("a"), await model("b"));
    assert.match(await start("--run-id=c", "--seed=4"), /seed 4/);
    assert.notEqual(await model("c"), await model("a"));
    await start("--run-id=d", "--seed=3", "--num-envs=4");
    assert.notEqual(await model("d"), await model("a"));
    const saved = Deno.readTextFileSync(
      join(folder, "out", "d", "configuration.yaml"),
    );
    assert.match(saved, /^ {2}num_envs: 4$/m);
    const output = await start("--run-id=e", "--initialize-from=a");
    assert.match(output, /step 0 of 300/);
    assert.notEqual(await model("e"), await model("a"));
  }));

Deno.test("a drawn seed is written down, and gives the same run again", () =>
  inTemporaryFolder(async (folder) => {
    const { env_path } = basicRun.env_settings;
    const file = writeConfiguration(folder, {
      ...basicRun,
      env_settings: { env_path },
    });
    await succeed([file, "--run-id=a"], folder);
    const saved = join("results", "a", "configuration.yaml");
    await succeed([saved, "--run-id=b"], folder);
    const [a, b] = ["a", "b"].map((run) =>
      digestOf(join(folder, "results", run, "Basic.onnx"))
    );
    assert.equal(await a, await b);
  }));

Deno.test("a run needs no configuration, and SIGTERM saves it", () =>
  inTemporaryFolder(async (folder) => {
    const child = startCommand(["--env=sim:Basic"], folder);
    let printed = "";
    for await (
      const text of child.stdout.pipeThrough(new TextDecoderStream())
    ) {
      if (!printed.includes("ppo,") && text.includes("ppo,")) {
        child.kill("SIGTERM");
      }
      printed += text;
    }
    await child.stderr.cancel();
    assert.equal((await child.status).code, 130);
    assert.match(printed, /step 0 of 500,000/);
    assert.match(printed, /Stopped after.*Results: results\/ppo\./);
    Deno.statSync(join(folder, "results", "ppo", "Basic.onnx"));
  }));

Deno.test("through Unity's protocol the result is the same to the bit", () =>
  inTemporaryFolder(async (folder) => {
    const [{ configuration }] = shortRuns(3000);
    const file = writeConfiguration(folder, configuration);
    const player = join(folder, "game.x86_64");
    await writePlayerWrapper(player, "sim:3DBall");
    await succeed([file, "--run-id=here"], folder);
    await succeed([
      file,
      "--run-id=there",
      `--env=${player}`,
      `--base-port=${freePort()}`,
    ], folder);
    const [here, there] = ["here", "there"].map((run) =>
      digestOf(join(folder, "results", run, "3DBall.onnx"))
    );
    assert.equal(await there, await here);
  }));
