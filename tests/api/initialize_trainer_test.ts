/** Runs that start from models for Unity. */
import assert from "node:assert/strict";
import { join } from "node:path";
import {
  play,
  type RunConfiguration,
  type RunEvent,
  train,
  UserError,
} from "../../mod.ts";
import { readUnityModel } from "../../lib/onnx/read_unity_model.ts";
import { recognizePolicy } from "../../lib/onnx/recognize/recognize_policy.ts";
import { cueModel } from "../support/made_models.ts";
import { testWithSharedData } from "../support/shared_data.ts";
import { inTemporaryFolder } from "../util/temporary_folder.ts";

/** One update after so many steps, or none before the run is over. */
const basic = (change: object = {}): RunConfiguration => ({
  behaviors: {
    Basic: {
      hyperparameters: { batch_size: 32, buffer_size: 128 },
      network_settings: { hidden_units: 8 },
      max_steps: 300,
      ...change,
    },
  },
  env_settings: { env_path: "sim:Basic", seed: 1 },
});

const noUpdate = {
  max_steps: 50,
  hyperparameters: { batch_size: 32, buffer_size: 10_000 },
};

/** Trains, and returns the path of the model with all that was told. */
async function trained(
  folder: string,
  configuration: RunConfiguration,
  runId: string,
  initializeFrom?: string,
): Promise<{ model: string; events: RunEvent[] }> {
  const events: RunEvent[] = [];
  let run = train(configuration).runId(runId)
    .resultsDir(join(folder, "results"))
    .on((event) => {
      events.push(event);
    });
  if (initializeFrom) run = run.initializeFrom(initializeFrom);
  const { models } = await run.run();
  const [model] = Object.values(models);
  return { model, events };
}

const weightsOf = (path: string) =>
  recognizePolicy(readUnityModel(Deno.readFileSync(path), path)).weights;

Deno.test("a run goes on with the policy of a model, bit for bit", () =>
  inTemporaryFolder(async (folder) => {
    const first = await trained(folder, basic(), "first");
    const init_path = first.model;
    // No update: what comes out is what went in.
    const second = await trained(
      folder,
      basic({ ...noUpdate, init_path }),
      "second",
    );
    assert.deepEqual(weightsOf(second.model), weightsOf(first.model));
    const [message] = second.events.flatMap((event) =>
      event.type === "notice" && event.behavior === "Basic"
        ? [event.message]
        : []
    );
    assert.equal(
      message,
      `Starts from the policy of ${init_path}: 2 layers of 8 units. The ` +
        "critic, the optimizer and the steps are not in it and start anew.",
    );
    const fresh = await trained(folder, basic(noUpdate), "fresh");
    assert.notDeepEqual(weightsOf(fresh.model), weightsOf(first.model));
    // By the name of a checkpoint's model in another run's folder.
    const [step] = first.events.flatMap((event) =>
      event.type === "checkpoint" ? [event.step] : []
    ).slice(-1);
    const third = await trained(
      folder,
      basic({ ...noUpdate, init_path: `Basic-${step}.onnx` }),
      "third",
      "first",
    );
    assert.deepEqual(weightsOf(third.model), weightsOf(first.model));
  }));

Deno.test("a resumed run keeps its own weights", () =>
  inTemporaryFolder(async (folder) => {
    const init_path = (await trained(folder, basic(), "first")).model;
    const results = join(folder, "results");
    const start = train(basic({ init_path })).runId("second")
      .resultsDir(results);
    const learned = weightsOf((await start.run()).models.Basic);
    await start.resume().run();
    const resumed = join(results, "second", "Basic.onnx");
    assert.deepEqual(weightsOf(resumed), learned);
    assert.notDeepEqual(learned, weightsOf(init_path));
  }));

async function refuses(
  folder: string,
  configuration: RunConfiguration,
  message: RegExp,
): Promise<void> {
  await assert.rejects(
    Promise.resolve(
      train(configuration).runId("refused").resultsDir(join(folder, "results"))
        .run(),
    ),
    (error) => error instanceof UserError && message.test(error.message),
  );
  // Nothing of a run that never began.
  await assert.rejects(
    Deno.stat(join(folder, "results", "refused", "Basic")),
    Deno.errors.NotFound,
  );
}

Deno.test("models that a run cannot start from leave nothing behind", () =>
  inTemporaryFolder(async (folder) => {
    const { model: init_path } = await trained(folder, basic(), "first");
    await refuses(
      folder,
      basic({ init_path, network_settings: { hidden_units: 16 } }),
      /Basic\.onnx: behaviors\.Basic\.network_settings\.hidden_units: .*16.*8/,
    );
    const foreign = join(folder, "foreign.onnx");
    Deno.writeFileSync(foreign, cueModel(20));
    await refuses(
      folder,
      basic({ init_path: foreign }),
      /branches of discrete actions \(found 20; allowed: 3\)/,
    );
    await refuses(
      folder,
      basic({ init_path: join(folder, "none.onnx") }),
      /there is no checkpoint .*none\.onnx.*foreign\.onnx/s,
    );
  }));

testWithSharedData(
  "Unity's 3DBall holds its 100 before any training, and learns on",
  "onnx/3DBall.onnx",
  (bytes) =>
    inTemporaryFolder(async (folder) => {
      const init_path = join(folder, "unity.onnx");
      Deno.writeFileSync(init_path, bytes);
      const ball = (change: object): RunConfiguration => ({
        behaviors: {
          "3DBall": {
            hyperparameters: { batch_size: 64, buffer_size: 640 },
            network_settings: { normalize: true },
            init_path,
            ...change,
          },
        },
        env_settings: { env_path: "sim:3DBall", seed: 1 },
      });
      const { model } = await trained(folder, ball(noUpdate), "taken");
      const { episodes } = await play(model).env("sim:3DBall").seed(1)
        .deterministic().episodes(20).run();
      for (const { reward } of episodes["3DBall"]) assert(reward > 99.5);
      const { model: learned } = await trained(
        folder,
        ball({ max_steps: 2000 }),
        "learned",
      );
      assert.notDeepEqual(weightsOf(learned), weightsOf(model));
    }),
);
