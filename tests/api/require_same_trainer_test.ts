import assert from "node:assert/strict";
import { join } from "node:path";
import { requireSameTrainer } from "../../lib/api/require_same_trainer.ts";
import type { RunConfiguration } from "../../lib/settings/run_settings.ts";
import { basicRun, writeConfiguration } from "../support/basic_run.ts";
import { assertFailure, runCommand } from "../support/command.ts";
import { filesOf } from "../support/files_of.ts";
import { inTemporaryFolder } from "../util/temporary_folder.ts";

Deno.test("a checkpoint goes with its own algorithm; old ones do not tell", () => {
  const path = "results/a.safetensors";
  requireSameTrainer({ path, trainerType: "sac" }, "Ball", "sac");
  requireSameTrainer({ path }, "Ball", "sac");
  assert.throws(
    () => requireSameTrainer({ path, trainerType: "sac" }, "Ball", "ppo"),
    /^UserError: results\/a\.safetensors: behaviors\.Ball\.trainer_type: the checkpoint is of another algorithm \(found ppo; allowed: sac\)\n {2}Write what is allowed/,
  );
});

Deno.test("a run of another algorithm is neither continued nor begun from", () =>
  inTemporaryFolder(async (folder) => {
    const { Basic } = basicRun.behaviors;
    const { network_settings } = Basic;
    const sac: RunConfiguration = {
      ...basicRun,
      behaviors: {
        Basic: {
          trainer_type: "sac",
          network_settings,
          hyperparameters: { batch_size: 16, buffer_size: 64 },
          max_steps: 100,
        },
      },
    };
    writeConfiguration(folder, {
      ...basicRun,
      behaviors: { Basic: { ...Basic, max_steps: 100 } },
    });
    writeConfiguration(folder, sac, "sac.yaml");
    const { code, errors } = await runCommand(["run.yaml"], folder);
    assert.equal(code, 0, errors);
    const before = await filesOf(join(folder, "results"));
    const message =
      /results\/r\/Basic\/[\w-]+\.safetensors: behaviors\.Basic\.trainer_type: the checkpoint is of another algorithm \(found sac; allowed: ppo\)/;
    for (const how of [["--resume"], ["--initialize-from=r", "--run-id=s"]]) {
      assertFailure(await runCommand(["sac.yaml", ...how], folder), 1, message);
      assert.deepEqual(await filesOf(join(folder, "results")), before);
    }
  }));
