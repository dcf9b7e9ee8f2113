/** The replay buffer's file in runs of the command line. */
import assert from "node:assert/strict";
import { join } from "node:path";
import type { RunConfiguration } from "../../lib/settings/run_settings.ts";
import { basicRun, writeConfiguration } from "../support/basic_run.ts";
import { assertFailure, runCommand } from "../support/command.ts";
import { filesOf } from "../support/files_of.ts";
import { inTemporaryFolder } from "../util/temporary_folder.ts";

function sacRun(save: boolean, maxSteps: number): RunConfiguration {
  return {
    ...basicRun,
    behaviors: {
      Basic: {
        trainer_type: "sac",
        hyperparameters: {
          batch_size: 16,
          buffer_size: 100,
          steps_per_update: 20,
          save_replay_buffer: save,
        },
        network_settings: { hidden_units: 8, num_layers: 1 },
        max_steps: maxSteps,
        summary_freq: 100,
        checkpoint_interval: 100,
      },
    },
  };
}

/** A run of 300 steps that has ended. */
function afterOneRun(
  save: boolean,
  body: (folder: string) => Promise<void>,
): Promise<void> {
  return inTemporaryFolder(async (folder) => {
    writeConfiguration(folder, sacRun(save, 300));
    const { code, errors } = await runCommand(["run.yaml"], folder);
    assert.equal(code, 0, errors);
    await body(folder);
  });
}

/** Continues it for 100 steps more. */
function goOn(folder: string, save = true) {
  writeConfiguration(folder, sacRun(save, 400), "longer.yaml");
  return runCommand(["longer.yaml", "--resume"], folder);
}

function replayFiles(folder: string): string[] {
  return [...Deno.readDirSync(join(folder, "results", "r", "Basic"))]
    .map(({ name }) => name).filter((name) => name.includes("replay"));
}

Deno.test("the replay buffer lies beside the newest checkpoint", () =>
  afterOneRun(true, async (folder) => {
    assert.deepEqual(replayFiles(folder), [
      "Basic-301.replay.safetensors.gz",
    ]);
    const { code, output, errors } = await goOn(folder);
    assert.equal(code, 0, errors);
    assert.doesNotMatch(output + errors, /replay/);
    assert.deepEqual(replayFiles(folder), [
      "Basic-401.replay.safetensors.gz",
    ]);
    const force = await runCommand(["run.yaml", "--force"], folder);
    assert.equal(force.code, 0, force.errors);
    assert.deepEqual(replayFiles(folder), [
      "Basic-301.replay.safetensors.gz",
    ]);
  }));

Deno.test("a run that goes on without one says so in a line", () =>
  afterOneRun(false, async (folder) => {
    assert.deepEqual(replayFiles(folder), []);
    const first = await goOn(folder, false);
    assert.equal(first.code, 0, first.errors);
    assert.match(
      first.output + first.errors,
      /Basic: the replay buffer is empty, it was not to be saved \(save_replay_buffer\)\.\n/,
    );
    writeConfiguration(folder, sacRun(true, 500), "longer.yaml");
    const second = await runCommand(["longer.yaml", "--resume"], folder);
    assert.equal(second.code, 0, second.errors);
    assert.match(
      second.output + second.errors,
      /Basic: the replay buffer is empty, none was saved with this checkpoint\.\n/,
    );
  }));

Deno.test("a damaged replay buffer costs nothing", () =>
  afterOneRun(true, async (folder) => {
    const path = join(
      folder,
      "results/r/Basic/Basic-301.replay.safetensors.gz",
    );
    const whole = Deno.readFileSync(path);
    Deno.writeFileSync(path, whole.subarray(0, whole.length / 2));
    const before = await filesOf(join(folder, "results", "r"));
    assertFailure(
      await goOn(folder),
      1,
      /Basic-301\.replay\.safetensors\.gz is not a whole replay buffer/,
      /Remove the file to go on with an empty replay buffer/,
    );
    assert.deepEqual(await filesOf(join(folder, "results", "r")), before);
    Deno.removeSync(path);
    assert.equal((await goOn(folder)).code, 0);
  }));

Deno.test("a replay buffer of another spec costs nothing", () =>
  afterOneRun(true, async (folder) => {
    const other = {
      ...sacRun(true, 300),
      behaviors: {
        "3DBall": sacRun(true, 300).behaviors?.Basic ?? {},
      },
      env_settings: { env_path: "sim:3DBall", seed: 1 },
      checkpoint_settings: { run_id: "other" },
    };
    writeConfiguration(folder, other, "other.yaml");
    const { code, errors } = await runCommand(["other.yaml"], folder);
    assert.equal(code, 0, errors);
    const [foreign] = [
      ...Deno.readDirSync(join(folder, "results/other/3DBall")),
    ].map(({ name }) => name).filter((name) => name.includes("replay"));
    Deno.copyFileSync(
      join(folder, "results/other/3DBall", foreign),
      join(folder, "results/r/Basic/Basic-301.replay.safetensors.gz"),
    );
    const before = await filesOf(join(folder, "results", "r"));
    assertFailure(
      await goOn(folder),
      1,
      /the saved replay's "\w+" does not fit this run/,
      /remove its \.replay\.safetensors\.gz file to go on with an empty/,
    );
    assert.deepEqual(await filesOf(join(folder, "results", "r")), before);
  }));
