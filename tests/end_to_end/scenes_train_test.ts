/** Test scenes of special sensors and masks are trained in over the wire. */
import assert from "node:assert/strict";
import { readUnityModel } from "../../lib/onnx/read_unity_model.ts";
import { startServed } from "../env/player/served_environment.ts";
import {
  eventsOf,
  savedRun,
  settingsOf,
  trainHere,
  type TrainHereOptions,
} from "../support/train_here.ts";

/** What the models of the scenes see, by sensor. */
const scenes: Readonly<Record<string, readonly string[]>> = {
  Vectors: ["6", "0", "1", "2"],
  Masks: ["4"],
};

for (const [name, shapes] of Object.entries(scenes)) {
  Deno.test(`scene:${name} trains, goes on and leaves a model of its sensors`, async () => {
    const train = async (
      steps: number,
      rest: Pick<TrainHereOptions, "saved"> = {},
    ) => {
      await using environment = await startServed(`scene:${name}`, { seed: 1 });
      const settings = settingsOf({
        [name]: {
          hyperparameters: { batch_size: 16, buffer_size: 64 },
          network_settings: { hidden_units: 8, num_layers: 1, normalize: true },
          time_horizon: 16,
          max_steps: steps,
          summary_freq: 100,
        },
      });
      return await trainHere({ environment, settings, ...rest });
    };
    const first = await train(200);
    const second = await train(400, { saved: savedRun(first) });
    const [{ step }] = eventsOf(second, "behavior_started");
    const [earlier] = eventsOf(first, "checkpoint").slice(-1);
    assert.equal(step, earlier.step);
    const [checkpoint] = eventsOf(second, "checkpoint").slice(-1);
    assert(checkpoint.step > 400);
    const { observations } = readUnityModel(checkpoint.model, "m.onnx");
    assert.deepEqual(observations.map(({ shape }) => shape.join()), shapes);
  });
}
