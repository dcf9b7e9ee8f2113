/** One entry of `behaviors`, and `default_settings`: the whole trainer. */
import { z } from "zod";
import type { DeepReadonly } from "../util/deep_freeze.ts";
import {
  pocaHyperparameters,
  ppoHyperparameters,
  sacHyperparameters,
} from "./hyperparameters.ts";
import { behavioralCloning } from "./behavioral_cloning.ts";
import { networkSettings } from "./network_settings.ts";
import { rewardSignals } from "./reward_signals.ts";
import { selfPlay } from "./self_play.ts";
import { count, flag, reject, section, text } from "./values.ts";

/** The algorithms, by the word that `trainer_type` takes. */
export const trainerTypes = ["ppo", "sac", "poca"] as const;

/** Keys of every trainer; a step is one decision of one agent. */
const common = {
  checkpoint_interval: count({ min: 1, unit: "steps" }).default(500_000)
    .describe("Steps between two checkpoints."),
  network_settings: networkSettings.prefault({})
    .describe("The networks of actor and critic."),
  reward_signals: rewardSignals.prefault({ extrinsic: {} })
    .describe("Where the reward comes from; the environment unless written."),
  init_path: text("the path of a checkpoint or model").nullable().default(null)
    .describe("Checkpoint, or model for Unity (.onnx), to start from."),
  keep_checkpoints: count({ min: -1, unit: "checkpoints" }).default(5)
    .describe("Checkpoints that stay; 0 or -1 keeps all."),
  even_checkpoints: flag().default(false)
    .describe("Spread keep_checkpoints checkpoints evenly over the run."),
  max_steps: count({ min: 1, unit: "steps" }).default(500_000)
    .describe("The run ends beyond this step; schedules end there too."),
  time_horizon: count({ min: 1, unit: "steps" }).default(64)
    .describe("Longest piece of an episode that is learned from at once."),
  summary_freq: count({ min: 1, unit: "steps" }).default(50_000)
    .describe("Steps between two summaries."),
  threaded: flag().default(false).describe(
    "Accepted; collecting and learning overlap as the program sees fit.",
  ),
  self_play: selfPlay.nullable().default(null)
    .describe("Training against earlier selves; {} takes all defaults."),
  behavioral_cloning: behavioralCloning.nullable().default(null)
    .describe("Imitation of demonstrations beside the trainer."),
};

/** A group's codes are divided among so many heads of attention (F-3). */
export const groupAttentionHeads = 4;

const trainerTypeMeaning = "The algorithm.";

/** User form and resolved form of a behavior, told apart by `trainer_type`. */
export const behaviorSettings = z.discriminatedUnion("trainer_type", [
  section({
    trainer_type: z.literal("ppo").optional().default("ppo")
      .describe(trainerTypeMeaning),
    hyperparameters: ppoHyperparameters.prefault({})
      .describe("What PPO learns by."),
    ...common,
  }),
  section({
    trainer_type: z.literal("sac").describe(trainerTypeMeaning),
    hyperparameters: sacHyperparameters.prefault({})
      .describe("What SAC learns by."),
    ...common,
  }),
  section({
    trainer_type: z.literal("poca").describe(trainerTypeMeaning),
    hyperparameters: pocaHyperparameters.prefault({})
      .describe("What MA-POCA learns by."),
    ...common,
  }),
], {
  error: (issue) =>
    issue.code === "invalid_union"
      ? trainerTypes.join(", ")
      : "a mapping of trainer settings; {} takes all defaults",
}).superRefine((settings, context) => {
  const { batch_size, buffer_size } = settings.hyperparameters;
  const { hidden_units, memory } = settings.network_settings;
  if (memory && memory.sequence_length > batch_size) {
    reject(context, {
      path: ["network_settings", "memory", "sequence_length"],
      what: `a sequence of ${memory.sequence_length} steps does not fit into ` +
        "a minibatch",
      allowed: `batch_size (${batch_size}) or less`,
    });
  }
  if (buffer_size < batch_size) {
    reject(context, {
      path: ["hyperparameters", "buffer_size"],
      what: "a buffer smaller than a minibatch never trains",
      allowed: `batch_size (${batch_size}) or more`,
    });
  }
  if (
    settings.trainer_type === "sac" &&
    settings.hyperparameters.buffer_init_steps > settings.max_steps
  ) {
    reject(context, {
      path: ["hyperparameters", "buffer_init_steps"],
      what: "the run would end before its first update",
      allowed: `max_steps (${settings.max_steps}) or less`,
    });
  }
  if (
    settings.trainer_type === "poca" &&
    hidden_units % groupAttentionHeads !== 0
  ) {
    reject(context, {
      path: ["network_settings", "hidden_units"],
      what: "POCA's critic cannot divide its hidden units among " +
        `${groupAttentionHeads} attention heads`,
      allowed: `a multiple of ${groupAttentionHeads}`,
    });
  }
  if (settings.even_checkpoints && settings.keep_checkpoints < 1) {
    reject(context, {
      path: ["keep_checkpoints"],
      what: "even_checkpoints needs a number of checkpoints",
      allowed: "a whole number, 1 or more",
    });
  }
}).transform((settings) => {
  const { behavioral_cloning, even_checkpoints, keep_checkpoints } = settings;
  const evenInterval = Math.floor(settings.max_steps / keep_checkpoints);
  return {
    ...settings,
    checkpoint_interval: even_checkpoints
      ? Math.max(1, evenInterval)
      : settings.checkpoint_interval,
    behavioral_cloning: behavioral_cloning && {
      ...behavioral_cloning,
      batch_size: behavioral_cloning.batch_size ??
        settings.hyperparameters.batch_size,
    },
  };
}).meta({ id: "behavior" });

/** What a user may write for a behavior. */
export type BehaviorConfiguration = z.input<typeof behaviorSettings>;

/** A behavior with every value filled in. */
export type BehaviorSettings = DeepReadonly<z.output<typeof behaviorSettings>>;
