/** Models for Unity from the command line: trained, acting, and trained on. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { stringify } from "yaml";
import { writePlayerWrapper } from "../../lib/env/player/player_wrapper.ts";
import { readUnityModel } from "../../lib/onnx/read_unity_model.ts";
import { recognizePolicy } from "../../lib/onnx/recognize/recognize_policy.ts";
import { freePort } from "../env/unity/fake_player.ts";
import { assertFailure, runCommand, startCommand } from "../support/command.ts";
import { filesOf } from "../support/files_of.ts";
import { cueModel } from "../support/made_models.ts";
import { inTemporaryFolder } from "../util/temporary_folder.ts";

/** A recurrent Basic; writes a file of that name and returns it. */
function basic(folder: string, name: string, change: object = {}): string {
  const file = `${name}.yaml`;
  const configuration = {
    behaviors: {
      Basic: {
        hyperparameters: { batch_size: 32, buffer_size: 128 },
        network_settings: {
          hidden_units: 8,
          num_layers: 1,
          memory: { sequence_length: 4, memory_size: 6 },
        },
        max_steps: 600,
        summary_freq: 100,
        checkpoint_interval: 150,
        ...change,
      },
    },
    env_settings: { env_path: "sim:Basic", seed: 1 },
    checkpoint_settings: { run_id: name },
  };
  Deno.writeTextFileSync(join(folder, file), stringify(configuration));
  return file;
}

const readModel = (folder: string, run: string, behavior = "Basic") => {
  const path = join(folder, "results", run, `${behavior}.onnx`);
  return readUnityModel(Deno.readFileSync(path), path);
};

async function succeed(
  folder: string,
  ...words: readonly string[]
): Promise<string> {
  const { code, output, errors } = await runCommand(words, folder);
  assert.equal(code, 0, errors);
  return output;
}

/** Lets a model act until it has told of so many summaries. */
async function watch(folder: string, model: string): Promise<string> {
  const child = startCommand(
    ["watch.yaml", "--inference", `--model=${model}`],
    folder,
  );
  const errors = new Response(child.stderr).text();
  let printed = "";
  let isStopped = false;
  for await (
    const text of child.stdout.pipeThrough(new TextDecoderStream())
  ) {
    printed += text;
    if (isStopped || !/Mean Reward/.test(printed)) continue;
    isStopped = true;
    child.kill("SIGINT");
  }
  assert.equal((await child.status).code, 130, await errors);
  assert.equal(await errors, "");
  return printed;
}

Deno.test("training starts from the recurrent policy of a model", () =>
  inTemporaryFolder(async (folder) => {
    await succeed(folder, basic(folder, "first"));
    const init_path = "results/first/Basic.onnx";
    // No update: what comes out is what went in.
    const hyperparameters = { batch_size: 32, buffer_size: 10_000 };
    const output = await succeed(
      folder,
      basic(folder, "second", { init_path, max_steps: 50, hyperparameters }),
    );
    assert.match(
      output,
      /Starts from the policy of results\/first\/Basic\.onnx: 1 layer of 8 units, a memory of 6 values\./,
    );
    const [first, second] = ["first", "second"].map((run) =>
      recognizePolicy(readModel(folder, run)).weights
    );
    assert.deepEqual(second, first);
    // And it learns on.
    await succeed(folder, basic(folder, "third", { init_path }));
    const { weights } = recognizePolicy(readModel(folder, "third"));
    assert.notDeepEqual(weights, first);
    // Every checkpoint has its model, whole.
    const models = Object.keys(await filesOf(join(folder, "results", "third")))
      .filter((name) => name.endsWith(".onnx"));
    assert(models.length >= 4, `${models}`);
    for (const name of models) {
      const path = join(folder, "results", "third", name);
      assert.equal(readUnityModel(Deno.readFileSync(path), path).memorySize, 6);
    }
  }));

Deno.test("models that training cannot start from are refused in plain words", () =>
  inTemporaryFolder(async (folder) => {
    await succeed(folder, basic(folder, "first"));
    const whole = Deno.readFileSync(join(folder, "results/first/Basic.onnx"));
    const files = {
      "cut.onnx": whole.subarray(0, whole.length / 2),
      "foreign.onnx": cueModel(20),
      "text.onnx": new TextEncoder().encode("no model"),
    };
    for (const [name, bytes] of Object.entries(files)) {
      Deno.writeFileSync(join(folder, name), bytes);
    }
    const refused = async (change: object, ...expected: RegExp[]) => {
      const file = basic(folder, "refused", change);
      assertFailure(await runCommand([file], folder), 1, ...expected);
      const left = await filesOf(join(folder, "results"));
      assert(!Object.keys(left).some((path) => path.startsWith("refused")));
    };
    await refused({ init_path: "cut.onnx" }, /cut\.onnx: .*no.* whole ONNX/);
    await refused({ init_path: "text.onnx" }, /text\.onnx: .*no.* whole ONNX/);
    await refused({ init_path: "foreign.onnx" }, /foreign\.onnx: .*branches/);
    await refused(
      { init_path: "results/first/Basic.onnx", network_settings: {} },
      /network_settings\.hidden_units: .*128.*8/,
      /network_settings\.memory: .*\{memory_size: 6\}/,
    );
  }));

Deno.test("a recurrent model acts, of either version", () =>
  inTemporaryFolder(async (folder) => {
    basic(folder, "watch");
    await succeed(folder, basic(folder, "newer"));
    const file = basic(folder, "older");
    await succeed(folder, file, "--model-version=2");
    assert.equal(readModel(folder, "newer").version, 3);
    assert.equal(readModel(folder, "older").version, 2);
    const [newer, older] = ["newer", "older"].map((run) =>
      Deno.readTextFileSync(join(folder, "results", run, "configuration.yaml"))
    );
    assert.doesNotMatch(newer, /model_version/);
    assert.match(older, /^ {2}model_version: 2$/m);
    const rewards = [];
    for (const run of ["newer", "older"]) {
      const printed = await watch(folder, `results/${run}/Basic.onnx`);
      const [, mean] = /Mean Reward: (-?[\d.]+)/.exec(printed) ??
        assert.fail(printed);
      rewards.push(mean);
    }
    // The same training, and the same noise: the same actions.
    assert.equal(rewards[1], rewards[0]);
    const shown = await succeed(folder, "inspect", "results/older/Basic.onnx");
    assert.match(shown, /contract +version 2, for Unity's package 1\.x/);
    assertFailure(
      await runCommand(
        [basic(folder, "again", { init_path: "results/older/Basic.onnx" })],
        folder,
      ),
      1,
      /a model of version 2/,
    );
  }));

Deno.test("a game with package 1.x gets models that it loads", () =>
  inTemporaryFolder(async (folder) => {
    const player = join(folder, "game.x86_64");
    await writePlayerWrapper(player, "sim:Basic", ["--package=1.0.8"]);
    const output = await succeed(
      folder,
      basic(folder, "r", { max_steps: 200 }),
      `--env=${player}`,
      `--base-port=${freePort()}`,
    );
    assert.match(output, /package ML-Agents 1\.0\.8: .* in version 2/);
    assert.equal(readModel(folder, "r").version, 2);
  }));
