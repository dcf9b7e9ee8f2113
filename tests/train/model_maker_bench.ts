/** How long training is held up for the model of a checkpoint. */
import type { ObservationSpec } from "../../lib/spec.ts";
import { exportPolicy } from "../../lib/train/export_policy.ts";
import { makeModelHere, ModelMaker } from "../../lib/train/model_maker.ts";
import type { NetworkSettings } from "../../lib/nn/network_body.ts";
import { ExportedPolicy } from "../support/exported_policy.ts";
import {
  networkSettings,
  vectorSensor,
  visualSensor,
} from "../support/sensors.ts";

const of = (
  sensor: ObservationSpec,
  change: Partial<NetworkSettings>,
): ExportedPolicy =>
  new ExportedPolicy(networkSettings([sensor], change), {
    continuousSize: 2,
    discreteBranches: [],
  });

const policies = {
  "2x128": of(vectorSensor(8), { hidden_units: 128 }),
  "2x512": of(vectorSensor(64), { hidden_units: 512 }),
  "resnet, 84x84x3": of(visualSensor([3, 84, 84]), {
    hidden_units: 256,
    vis_encode_type: "resnet",
  }),
};

const maker = new ModelMaker();
for (
  const [group, { networks, weights, statistics }] of Object.entries(policies)
) {
  const describe = () => exportPolicy(networks, weights, statistics, 3);
  Deno.bench("on the training thread", { group, baseline: true }, async () => {
    await makeModelHere(describe());
  });
  Deno.bench("handed to the other thread", { group }, async (bench) => {
    maker.start();
    while (!maker.isUp) await new Promise((resolve) => setTimeout(resolve, 5));
    bench.start();
    const model = maker.make(describe());
    bench.end();
    await model;
  });
}
