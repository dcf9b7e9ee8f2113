/** `hyperparameters` of the three trainers, in the reference's key order. */
import type { z } from "zod";
import type { DeepReadonly } from "../util/deep_freeze.ts";
import { choice, count, flag, real, section } from "./values.ts";

/** How a value falls over the run. */
const schedule = choice("constant", "linear");

const batchSize = count({ min: 1, unit: "experiences" });
const bufferSize = count({ min: 1, max: 1e9, unit: "experiences" });
const learningRate = real({ above: 0 });

const meaning = {
  batchSize: "Experiences of one minibatch.",
  learningRate: "First step size of Adam.",
  schedule: "How the learning rate falls: to nothing at max_steps, or not.",
};

/** What PPO and POCA share. */
const onPolicy = {
  batch_size: batchSize.default(1024).describe(meaning.batchSize),
  buffer_size: bufferSize.default(10240).describe(
    "The policy is updated when more experiences than this are collected.",
  ),
  learning_rate: learningRate.default(3e-4).describe(meaning.learningRate),
  beta: real({ min: 0 }).default(5e-3)
    .describe("Strength of the entropy bonus."),
  epsilon: real({ above: 0 }).default(0.2)
    .describe("Clip range of the probability ratio."),
  lambd: real({ min: 0, max: 1 }).default(0.95)
    .describe("Lambda of generalised advantage estimation."),
  num_epoch: count({ min: 1, unit: "passes" }).default(3)
    .describe("Passes over the buffer per update."),
};

const schedules = {
  learning_rate_schedule: schedule.default("linear").describe(meaning.schedule),
  beta_schedule: schedule.optional()
    .describe("How beta falls; as learning_rate_schedule unless written."),
  epsilon_schedule: schedule.optional()
    .describe("How epsilon falls; as learning_rate_schedule unless written."),
};

/** Of PPO, what ML-Agents does not know; the defaults do as it does. */
const variant = {
  clip_value_loss: flag().default(false).describe(
    "Value estimates gain nothing by moving further than epsilon in an update.",
  ),
  joint_ratio: flag().default(false).describe(
    "One probability ratio for an agent's actions together, not one for each.",
  ),
  max_gradient_norm: real({ above: 0 }).nullable().default(null)
    .describe(
      "Longer gradients of a network are shortened to this; null: none.",
    ),
  target_kl: real({ above: 0 }).nullable().default(null).describe(
    "The policy's update ends where it has moved further; null: never.",
  ),
};

/** The same of SAC. */
const sacVariant = {
  twin_minimum: flag().default(false).describe(
    "The policy goes by the smaller of both critics' values, not by the first.",
  ),
  random_action_steps: count({ min: 0, unit: "steps" }).default(0)
    .describe("Steps at the start with actions drawn at random."),
};

/** The keys that ML-Agents refuses, with the values that mean what it does. */
export const ownHyperparameters = section({ ...variant, ...sacVariant })
  .parse({});

/** User form and resolved form of PPO's hyperparameters. */
export const ppoHyperparameters = section({
  ...onPolicy,
  shared_critic: flag().default(false)
    .describe("Actor and critic share their body."),
  ...variant,
  ...schedules,
}).transform(followLearningRate);

/** User form and resolved form of POCA's hyperparameters. */
export const pocaHyperparameters = section({ ...onPolicy, ...schedules })
  .transform(followLearningRate);

/** User form and resolved form of SAC's hyperparameters. */
export const sacHyperparameters = section({
  learning_rate: learningRate.default(3e-4).describe(meaning.learningRate),
  learning_rate_schedule: schedule.default("constant")
    .describe(meaning.schedule),
  batch_size: batchSize.default(128).describe(meaning.batchSize),
  buffer_size: bufferSize.default(50000)
    .describe("Experiences that the replay buffer holds."),
  buffer_init_steps: count({ min: 0, unit: "steps" }).default(0)
    .describe("No update before this step."),
  tau: real({ above: 0, max: 1 }).default(0.005)
    .describe("Share of the new weights in the target network, per update."),
  steps_per_update: real({ above: 0, unit: "steps" }).default(1)
    .describe("Steps of all agents per update of the policy."),
  save_replay_buffer: flag().default(false)
    .describe("Keep the replay buffer for a resumed run."),
  init_entcoef: real({ above: 0 }).default(1)
    .describe("First entropy coefficient."),
  reward_signal_steps_per_update: real({ above: 0, unit: "steps" }).optional()
    .describe("Steps per update of the reward networks; as steps_per_update."),
  ...sacVariant,
}).transform((given) => ({
  ...given,
  reward_signal_steps_per_update: given.reward_signal_steps_per_update ??
    given.steps_per_update,
}));

type Schedule = z.output<typeof schedule>;

interface Schedules {
  learning_rate_schedule: Schedule;
  beta_schedule?: Schedule | undefined;
  epsilon_schedule?: Schedule | undefined;
}

/** Fills the schedules that follow the learning rate's. */
function followLearningRate<Given extends Schedules>(given: Given) {
  return {
    ...given,
    beta_schedule: given.beta_schedule ?? given.learning_rate_schedule,
    epsilon_schedule: given.epsilon_schedule ?? given.learning_rate_schedule,
  };
}

export type PpoHyperparameters = DeepReadonly<
  z.output<typeof ppoHyperparameters>
>;

/** POCA's, and what PPO has of them. */
export type PocaHyperparameters = DeepReadonly<
  z.output<typeof pocaHyperparameters>
>;
export type SacHyperparameters = DeepReadonly<
  z.output<typeof sacHyperparameters>
>;
