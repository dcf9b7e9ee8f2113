/** `reward_signals` of a behavior: where its reward comes from. */
import type { z } from "zod";
import type { DeepReadonly } from "../util/deep_freeze.ts";
import { networkSettings } from "./network_settings.ts";
import { flag, real, section, text } from "./values.ts";

const common = {
  /** Discount of future reward. */
  gamma: real({ min: 0, max: 1 }).default(0.99),
  /** Factor of this signal in the whole reward. */
  strength: real().default(1),
  network_settings: networkSettings.prefault({}),
};

const learningRate = real({ above: 0 });

/** A `.demo` file or a folder with such files. */
export const demonstrationPath = text("the path of a .demo file or a folder");

/** The environment's own reward; its network settings have no effect. */
const extrinsic = section(common);

/** Reward for what a forward model could not predict. */
const curiosity = section({
  ...common,
  learning_rate: learningRate.default(3e-4),
});

/** Reward for looking like the demonstrations. */
const gail = section({
  ...common,
  learning_rate: learningRate.default(3e-4),
  use_actions: flag().default(false),
  use_vail: flag().default(false),
  demo_path: demonstrationPath,
});

/** Reward for states that a distilled random network does not know. */
const rnd = section({
  ...common,
  learning_rate: learningRate.default(1e-4),
});

/** User form and resolved form; a written map replaces the default one. */
export const rewardSignals = section({
  extrinsic: extrinsic.optional(),
  curiosity: curiosity.optional(),
  gail: gail.optional(),
  rnd: rnd.optional(),
});

export type RewardSignals = DeepReadonly<z.output<typeof rewardSignals>>;
