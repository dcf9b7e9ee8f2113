import assert from "node:assert/strict";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import {
  curriculum,
  gail,
  gaussian,
  ppo,
  sac,
  train,
  type TrainBuilder,
  UserError,
} from "../../mod.ts";
import { readSettings } from "../../lib/settings/read_settings.ts";
import { resolveSettings } from "../../lib/settings/resolve_settings.ts";
import { inTemporaryFolder } from "../util/temporary_folder.ts";

/** A run that uses every command of the chain. */
function everything(): TrainBuilder {
  return train({ default_settings: ppo({ max_steps: 5000 }) })
    .env("builds/game").envArgs(["--level", "2"]).envs(3).seed(7)
    .runId("a").resultsDir("out").resume(false).force().inference()
    .initializeFrom("b")
    .engine({ time_scale: 5, no_graphics: true })
    .parameter("gravity", 9.81)
    .parameter("mass", gaussian(1, 0.5))
    .parameter(
      "wind",
      curriculum([
        {
          name: "calm",
          value: 0,
          completion_criteria: { behavior: "Ball", threshold: 10 },
        },
        { name: "storm", value: gaussian(5, 1) },
      ]),
    )
    .behavior("Ball", ppo({ hyperparameters: { batch_size: 64 } }))
    .behavior("Car", sac({ hyperparameters: { tau: 0.01 } }))
    .withCuriosity({ strength: 0.02 })
    .withRnd({}, "Car")
    .withGail(gail({ demo_path: "ball.demo" }), "Ball")
    .withBehavioralCloning({ demo_path: "all.demo" })
    .withSelfPlay({ window: 4 }, "Ball")
    .withMemory({ memory_size: 32, sequence_length: 16 })
    .settings({ debug: true, torch_settings: { device: "cpu" } });
}

Deno.test("every command sets what it says, in its place", async () => {
  const added = {
    behavioral_cloning: { demo_path: "all.demo" },
    network_settings: { memory: { memory_size: 32, sequence_length: 16 } },
  };
  const extrinsic = {};
  const curiosity = { strength: 0.02 };
  assert.deepEqual(await everything().toConfig(), {
    default_settings: {
      trainer_type: "ppo",
      max_steps: 5000,
      reward_signals: { extrinsic, curiosity },
      ...added,
    },
    behaviors: {
      Ball: {
        trainer_type: "ppo",
        max_steps: 5000,
        hyperparameters: { batch_size: 64 },
        reward_signals: {
          extrinsic,
          curiosity,
          gail: { demo_path: "ball.demo" },
        },
        self_play: { window: 4 },
        ...added,
      },
      Car: {
        trainer_type: "sac",
        max_steps: 5000,
        hyperparameters: { tau: 0.01 },
        reward_signals: { extrinsic, curiosity, rnd: {} },
        ...added,
      },
    },
    env_settings: {
      env_path: "builds/game",
      env_args: ["--level", "2"],
      num_envs: 3,
      seed: 7,
    },
    checkpoint_settings: {
      run_id: "a",
      results_dir: "out",
      resume: false,
      force: true,
      inference: true,
      initialize_from: "b",
    },
    engine_settings: { time_scale: 5, no_graphics: true },
    environment_parameters: {
      gravity: 9.81,
      mass: gaussian(1, 0.5),
      wind: {
        curriculum: [
          {
            name: "calm",
            value: 0,
            completion_criteria: { behavior: "Ball", threshold: 10 },
          },
          { name: "storm", value: gaussian(5, 1) },
        ],
      },
    },
    debug: true,
    torch_settings: { device: "cpu" },
  });
});

Deno.test("object and YAML mean the same settings, also once again", async () => {
  const chain = everything();
  const { settings } = resolveSettings(await chain.toConfig());
  const yaml = await chain.toYaml();
  assert.deepEqual(readSettings(yaml, "a.yaml").settings, settings);
  assert.deepEqual(
    readSettings(await chain.explain(), "a.yaml").settings,
    settings,
  );
  assert.deepEqual(
    await train(await chain.toConfig()).toConfig(),
    await chain.toConfig(),
  );
});

Deno.test("a chain does not change where it began", async () => {
  const begin = train({ behaviors: { A: {} } });
  begin.seed(3).withCuriosity();
  assert.deepEqual(await begin.toConfig(), { behaviors: { A: {} } });
  const config = await begin.toConfig();
  Object.assign(config, { debug: true });
  assert.deepEqual(await begin.toConfig(), { behaviors: { A: {} } });
});

Deno.test("later commands win, over the configuration too", async () => {
  const written = {
    behaviors: { A: sac({ max_steps: 9, hyperparameters: { tau: 0.5 } }) },
    environment_parameters: { size: 3, speed: gaussian(1, 1) },
  };
  const chain = train(written).seed(1).seed(2)
    .parameter("size", gaussian(2, 0)).parameter("speed", 4)
    .behavior("A", ppo({ hyperparameters: { beta: 0.1 } }));
  assert.deepEqual(await chain.toConfig(), {
    behaviors: {
      A: {
        trainer_type: "ppo",
        max_steps: 9,
        hyperparameters: { beta: 0.1 },
      },
    },
    environment_parameters: { size: gaussian(2, 0), speed: 4 },
    env_settings: { seed: 2 },
  });
});

Deno.test("signals come on top of those that are there", async () => {
  const signals = async (chain: TrainBuilder) =>
    Object.keys((await chain.toConfig()).behaviors?.A.reward_signals ?? {});
  const curious = (settings: Parameters<typeof train>[0]) =>
    signals(train(settings).withCuriosity());
  assert.deepEqual(await curious({ behaviors: { A: {} } }), [
    "extrinsic",
    "curiosity",
  ]);
  assert.deepEqual(
    await curious({ behaviors: { A: ppo({ reward_signals: { rnd: {} } }) } }),
    ["rnd", "curiosity"],
  );
  assert.deepEqual(
    await curious({
      default_settings: ppo({ reward_signals: { rnd: {} } }),
      behaviors: { A: {} },
    }),
    ["rnd", "curiosity"],
  );
  const both = train({ behaviors: { A: {}, B: {} } });
  assert.deepEqual(await signals(both.withRnd({}, "B")), []);
  assert.deepEqual(await signals(both.withRnd({}, "A")), ["extrinsic", "rnd"]);
});

Deno.test("explain names file and line, code and default", async () => {
  await inTemporaryFolder(async (folder) => {
    const path = join(folder, "run.yaml");
    await Deno.writeTextFile(path, "behaviors:\n  A:\n    max_steps: 100\n");
    for (const source of [path, pathToFileURL(path)]) {
      const text = await train(source).seed(4).explain();
      const lineOf = (key: string) =>
        text.split("\n").find((line) => line.trim().startsWith(`${key}:`))
          ?.trim().split(/ +# /);
      assert.deepEqual(lineOf("max_steps"), ["max_steps: 100", `${path}:3`]);
      assert.deepEqual(lineOf("seed"), ["seed: 4", "code"]);
      assert.deepEqual(lineOf("num_envs"), ["num_envs: 1", "default"]);
    }
  });
});

Deno.test("mistakes in code are named without a place in the file", async () => {
  await inTemporaryFolder(async (folder) => {
    const path = join(folder, "run.yaml");
    await Deno.writeTextFile(path, "behaviors:\n  A:\n    max_steps: -1\n");
    const chain = train(path).seed(-7).withGail({ demo_path: "" });
    const error = await chain.toConfig().then(() => null, (e) => e);
    assert.ok(error instanceof UserError);
    assert.deepEqual(
      error.problems.map((problem) => [problem.path, problem.place?.line]),
      [
        ["behaviors.A.reward_signals.gail.demo_path", undefined],
        ["env_settings.seed", undefined],
        ["behaviors.A.max_steps", 3],
      ],
    );
    await assert.rejects(async () => await chain.run(), UserError);
  });
});

Deno.test("features without training yet are refused when a run starts", async () => {
  const chain = train({ behaviors: { Basic: {} } }).env("sim:Basic")
    .withCuriosity().withSelfPlay();
  await chain.toConfig();
  await inTemporaryFolder(async (folder) => {
    const error = await chain.resultsDir(folder).run().then(
      () => null,
      (e) => e,
    );
    assert.ok(error instanceof UserError);
    assert.deepEqual(error.problems.map(({ path }) => path), [
      "behaviors.Basic.reward_signals.curiosity",
      "behaviors.Basic.self_play",
    ]);
    assert.deepEqual([...Deno.readDirSync(folder)], []);
  });
});
