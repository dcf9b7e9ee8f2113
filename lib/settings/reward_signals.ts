/** `reward_signals` of a behavior: where its reward comes from. */
import { networkSettings } from "./network_settings.ts";
import { flag, real, section, text } from "./values.ts";

const common = {
  gamma: real({ min: 0, max: 1 }).default(0.99)
    .describe("Discount of future reward, per step."),
  strength: real().default(1)
    .describe("Factor of this signal in the whole reward."),
  network_settings: networkSettings.prefault({})
    .describe("The signal's own network."),
};

const learningRate = (usual: number) =>
  real({ above: 0 }).default(usual)
    .describe("Step size of Adam for the signal's network.");

/** A `.demo` file or a folder with such files. */
export const demonstrationPath = text("the path of a .demo file or a folder");

/** The environment's own reward; its network settings have no effect. */
const extrinsic = section(common);

/** Reward for what a forward model could not predict. */
const curiosity = section({ ...common, learning_rate: learningRate(3e-4) });

/** Reward for looking like the demonstrations. */
const gail = section({
  ...common,
  learning_rate: learningRate(3e-4),
  use_actions: flag().default(false)
    .describe("The discriminator sees actions too."),
  use_vail: flag().default(false)
    .describe("A bottleneck keeps the discriminator from winning too soon."),
  demo_path: demonstrationPath.describe("A .demo file, or a folder of them."),
});

/** Reward for states that a distilled random network does not know. */
const rnd = section({ ...common, learning_rate: learningRate(1e-4) });

/** User form and resolved form; a written map replaces the default one. */
export const rewardSignals = section({
  extrinsic: extrinsic.optional().describe("The environment's own reward."),
  curiosity: curiosity.optional()
    .describe("Reward for what a forward model could not predict."),
  gail: gail.optional()
    .describe("Reward for looking like the demonstrations."),
  rnd: rnd.optional()
    .describe("Reward for what a fixed random network makes seem new."),
}).transform(({ extrinsic, curiosity, gail, rnd }) => ({
  // Code may write undefined for a signal that it does not want.
  ...extrinsic && { extrinsic },
  ...curiosity && { curiosity },
  ...gail && { gail },
  ...rnd && { rnd },
}));
