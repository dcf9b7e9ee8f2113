/** Stand-in players are honest: mlagents-learn trains on them to the end. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { stringify } from "yaml";
import { writePlayerWrapper } from "../../../lib/env/player/player_wrapper.ts";
import { referenceTrainer } from "../../support/reference_trainer.ts";
import { freePort } from "../unity/fake_player.ts";

interface Training {
  readonly world: string;
  readonly packageVersion: string;
  readonly behavior: string;
  readonly trainer: "ppo" | "poca";
  readonly steps: number;
  /** Settings beside the usual ones. */
  readonly extra?: object;
}

const trainings: readonly Training[] = [
  {
    world: "sim:3DBall",
    packageVersion: "3.0.0",
    behavior: "3DBall",
    trainer: "ppo",
    steps: 2000,
  },
  {
    world: "sim:Basic",
    packageVersion: "2.0.0",
    behavior: "Basic",
    trainer: "ppo",
    steps: 1000,
  },
  {
    world: "scene:Visual",
    packageVersion: "3.0.0",
    behavior: "Visual",
    trainer: "ppo",
    steps: 500,
  },
  {
    world: "scene:Groups",
    packageVersion: "4.0.0",
    behavior: "Groups",
    trainer: "poca",
    steps: 1500,
  },
  {
    world: "scene:Teams",
    packageVersion: "2.0.0",
    behavior: "Teams",
    trainer: "ppo",
    steps: 1500,
    extra: {
      self_play: {
        save_steps: 500,
        team_change: 500,
        swap_steps: 250,
        window: 2,
      },
    },
  },
];

const trainer = await referenceTrainer();

for (const training of trainings) {
  const { world, packageVersion, steps } = training;
  Deno.test({
    name: `mlagents-learn trains ${world} of package ${packageVersion}`,
    ignore: trainer === null,
    fn: async () => {
      const folder = Deno.makeTempDirSync();
      try {
        const { code, output, log } = await train(training, folder);
        assert.equal(code, 0, output);
        // A real player causes none of them.
        assert.doesNotMatch(output, /\[(WARNING|ERROR)\]|Traceback/);
        assert.match(output, new RegExp(`Step: ${steps}\\b`));
        assert.match(output, /Exported .*\.onnx/);
        assert.match(log, /The player was ended by the trainer\.\n$/);
      } finally {
        Deno.removeSync(folder, { recursive: true });
      }
    },
  });
}

async function train(
  { world, packageVersion, behavior, trainer: type, steps, extra }: Training,
  folder: string,
): Promise<{ code: number; output: string; log: string }> {
  const player = join(folder, "player.x86_64");
  await writePlayerWrapper(player, world, ["--package", packageVersion]);
  const configuration = join(folder, "training.yaml");
  Deno.writeTextFileSync(
    configuration,
    stringify({
      behaviors: {
        [behavior]: {
          trainer_type: type,
          hyperparameters: { batch_size: 64, buffer_size: 256 },
          network_settings: { hidden_units: 16, num_layers: 1 },
          time_horizon: 32,
          max_steps: steps,
          summary_freq: steps / 2,
          ...extra,
        },
      },
    }),
  );
  const [command, ...words] = trainer ?? [];
  const process = new Deno.Command(command, {
    args: [
      ...words,
      configuration,
      ...["--env", player, "--run-id", "run", "--results-dir", folder],
      ...["--seed", "1", "--base-port", String(freePort())],
    ],
    cwd: folder,
    stdout: "piped",
    stderr: "piped",
  });
  const { code, stdout, stderr } = await process.output();
  const decoder = new TextDecoder();
  return {
    code,
    output: decoder.decode(stdout) + decoder.decode(stderr),
    log: Deno.readTextFileSync(join(folder, "run", "run_logs", "Player-0.log")),
  };
}
