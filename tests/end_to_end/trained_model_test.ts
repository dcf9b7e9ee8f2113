/** A trained 3DBall: its model, its event file and acting with it. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { train } from "../../mod.ts";
import { createSimulator } from "../../lib/env/sims/registry.ts";
import { Rollout } from "../../lib/data/rollout.ts";
import type { Environment } from "../../lib/env/env.ts";
import { NativeSession } from "../../lib/runtime/native_session.ts";
import { resolveSettings } from "../../lib/settings/resolve_settings.ts";
import type { RunConfiguration } from "../../lib/settings/run_settings.ts";
import { readCheckpoint } from "../../lib/store/checkpoint_file.ts";
import { Collector } from "../../lib/train/collector.ts";
import { arrayNamed } from "../../lib/util/arrays.ts";
import { writeConfiguration } from "../support/basic_run.ts";
import { assertClose } from "../support/closeness.ts";
import { startCommand } from "../support/command.ts";
import { readOnnx } from "../support/onnx_file.ts";
import { meanOf, playEpisodes } from "../support/play_episodes.ts";
import { testWithSharedData } from "../support/shared_data.ts";
import { runPython } from "../store/python.ts";

const behavior = "3DBall?team=0";
const deterministic = "deterministic_continuous_actions";

/** Unity's hyperparameters, on a shorter way to the full score. */
const configuration = {
  behaviors: {
    "3DBall": {
      hyperparameters: {
        batch_size: 64,
        buffer_size: 12_000,
        beta: 0.001,
        lambd: 0.99,
      },
      network_settings: { normalize: true },
      max_steps: 200_000,
      time_horizon: 1000,
      summary_freq: 12_000,
    },
  },
  env_settings: { env_path: "sim:3DBall", seed: 1 },
  checkpoint_settings: { run_id: "r" },
} satisfies RunConfiguration;

/** Trained once for all tests of this file. */
let folder: string;
Deno.test.beforeAll(async () => {
  folder = Deno.makeTempDirSync();
  await train(configuration).resultsDir(join(folder, "results")).run();
});
Deno.test.afterAll(() => Deno.removeSync(folder, { recursive: true }));

const modelPath = () => join(folder, "results", "r", "3DBall.onnx");

/** Lets a Unity model act; returns the rewards of finished episodes. */
function playModel(
  model: Uint8Array,
  environment: Environment,
  episodes: number,
  note: (observations: Float32Array, actions: Float32Array) => void = () => {},
): number[] {
  const session = new NativeSession(model, { threads: 1 });
  const spec = environment.behaviorSpecs.get(behavior) ?? assert.fail();
  const collector = new Collector(behavior, new Rollout(spec), {
    timeHorizon: Infinity,
  });
  const rewards: number[] = [];
  environment.reset();
  while (rewards.length < episodes) {
    const steps = environment.getSteps(behavior);
    collector.forgetRows();
    const { episodes, count } = collector.ingest([{ source: 0, steps }]);
    rewards.push(...episodes.map(({ reward }) => reward));
    const continuous = new Float32Array(count * 2);
    if (count > 0) {
      const data = steps.decision.observations[0].slice(0, count * 8);
      const outputs = session.run({ obs_0: { data, shape: [count, 8] } });
      continuous.set(
        Float32Array.from(arrayNamed(outputs, deterministic).data, Number),
      );
      note(data, continuous);
    }
    environment.setActions(behavior, {
      continuous,
      discrete: new Int32Array(),
    });
    environment.step();
  }
  session.close();
  return rewards;
}

Deno.test("the exported model scores as our own acting program", async () => {
  const checkpoint = await readCheckpoint(
    join(folder, "results", "r", "3DBall", "checkpoint.safetensors"),
  );
  const own = await playEpisodes(
    createSimulator("3DBall", { seed: 9 }),
    resolveSettings(configuration).settings,
    checkpoint.state,
    20,
  );
  const model = await Deno.readFile(modelPath());
  const exported = playModel(
    model,
    createSimulator("3DBall", { seed: 9 }),
    20,
  );
  const [ownMean, exportedMean] = [own, exported].map(meanOf);
  console.log(`own ${ownMean.toFixed(2)}, exported ${exportedMean.toFixed(2)}`);
  assert(ownMean >= 99 && Math.abs(ownMean - exportedMean) < 0.5);
});

testWithSharedData(
  "the exported model looks like Unity's own",
  "onnx/3DBall.onnx",
  async (bytes) => {
    const shapeOf = (model: Uint8Array) => {
      const { inputs, outputs } = readOnnx(model);
      return [inputs, outputs].map((values) =>
        values.map(({ name, type, shape }) => [name, type, shape.length])
      );
    };
    assert.deepEqual(
      shapeOf(await Deno.readFile(modelPath())),
      shapeOf(bytes),
    );
  },
);

Deno.test("onnxruntime for Python computes the same actions", async () => {
  const model = await Deno.readFile(modelPath());
  const seen: number[] = [];
  const acted: number[] = [];
  playModel(
    model,
    createSimulator("3DBall", { seed: 3 }),
    1,
    (observations, actions) => {
      seen.push(...observations);
      acted.push(...actions);
    },
  );
  const rows = join(folder, "rows.json");
  Deno.writeTextFileSync(rows, JSON.stringify(seen));
  const printed = await runPython(
    ["onnxruntime", "numpy"],
    `
import json, sys, numpy, onnxruntime
session = onnxruntime.InferenceSession(sys.argv[1])
rows = numpy.array(json.load(open(sys.argv[2])), numpy.float32).reshape(-1, 8)
sampled, mean = session.run(
    ["continuous_actions", "${deterministic}"], {"obs_0": rows})
print(json.dumps({
    "mean": mean.reshape(-1).tolist(),
    "shape": sampled.shape,
    "largest": float(abs(sampled).max()),
}))
`,
    [modelPath(), rows],
  );
  if (printed === null) return;
  const { mean, shape, largest } = JSON.parse(printed);
  assert.deepEqual(shape, [acted.length / 2, 2]);
  assert(largest > 0.01 && largest <= 1);
  assertClose(mean, acted, 1e-5, "action");
});

Deno.test("TensorBoard shows every statistic of the run", async () => {
  const printed = await runPython(
    ["tensorboard"],
    `
import json, sys
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
events = EventAccumulator(sys.argv[1])
events.Reload()
tags = events.Tags()
print(json.dumps({
    "scalars": {tag: [[e.step, e.value] for e in events.Scalars(tag)]
                for tag in tags["scalars"]},
    "histograms": tags["histograms"],
    "tensors": tags["tensors"],
}))
`,
    [join(folder, "results", "r", "3DBall")],
  );
  if (printed === null) return;
  const { scalars, histograms, tensors } = JSON.parse(printed);
  assert.deepEqual(Object.keys(scalars).sort(), [
    "Environment/Cumulative Reward",
    "Environment/Episode Length",
    "Losses/Policy Loss",
    "Losses/Value Loss",
    "Policy/Beta",
    "Policy/Entropy",
    "Policy/Epsilon",
    "Policy/Extrinsic Reward",
    "Policy/Extrinsic Value Estimate",
    "Policy/Learning Rate",
  ]);
  assert.deepEqual(histograms, ["Environment/Cumulative Reward_hist"]);
  assert.deepEqual(tensors, ["Hyperparameters/text_summary"]);
  const rewards: [number, number][] = scalars["Environment/Cumulative Reward"];
  rewards.forEach(([step], i) => assert.equal(step, 12_000 * (i + 1)));
  assert(rewards.length >= 14);
  assert(Math.max(...rewards.map(([, reward]) => reward)) > 99);
});

Deno.test("--inference shows what the run has learned", async () => {
  writeConfiguration(folder, configuration);
  const child = startCommand(["run.yaml", "--inference"], folder);
  let printed = "";
  for await (
    const text of child.stdout.pipeThrough(new TextDecoderStream())
  ) {
    printed += text;
    if (/Mean Reward/.test(printed) && !/Stopping/.test(printed)) {
      child.kill("SIGINT");
    }
  }
  await child.stderr.cancel();
  assert.equal((await child.status).code, 130);
  assert.match(printed, /shows what it has learned/);
  const [, reward] =
    /Mean Reward: (\d+\.\d+)\. Std of Reward: \d+\.\d+\. Not Training\./
      .exec(printed) ?? assert.fail(printed);
  assert(Number(reward) > 90, printed);
  assert.doesNotMatch(printed, /Saved|--resume/);
});
