/** `hyperparameters` of the three trainers, in the reference's key order. */
import type { z } from "zod";
import type { DeepReadonly } from "../util/deep_freeze.ts";
import { choice, count, flag, real, section } from "./values.ts";

/** How a value falls over the run. */
const schedule = choice("constant", "linear");

const batchSize = count({ min: 1, unit: "experiences" });
const bufferSize = count({ min: 1, max: 1e9, unit: "experiences" });
const learningRate = real({ above: 0 });

/** What PPO and POCA share. */
const onPolicy = {
  /** Experiences of one minibatch. */
  batch_size: batchSize.default(1024),
  /** The policy is updated when more experiences than this are collected. */
  buffer_size: bufferSize.default(10240),
  /** First step size of Adam. */
  learning_rate: learningRate.default(3e-4),
  /** Strength of the entropy bonus. */
  beta: real({ min: 0 }).default(5e-3),
  /** Clip range of the probability ratio. */
  epsilon: real({ above: 0 }).default(0.2),
  /** Lambda of generalised advantage estimation. */
  lambd: real({ min: 0, max: 1 }).default(0.95),
  /** Passes over the buffer per update. */
  num_epoch: count({ min: 1, unit: "passes" }).default(3),
};

const schedules = {
  learning_rate_schedule: schedule.default("linear"),
  /** Follows `learning_rate_schedule` unless written. */
  beta_schedule: schedule.optional(),
  /** Follows `learning_rate_schedule` unless written. */
  epsilon_schedule: schedule.optional(),
};

/** User form and resolved form of PPO's hyperparameters. */
export const ppoHyperparameters = section({
  ...onPolicy,
  /** Actor and critic share their body. */
  shared_critic: flag().default(false),
  ...schedules,
}).transform(followLearningRate);

/** User form and resolved form of POCA's hyperparameters. */
export const pocaHyperparameters = section({ ...onPolicy, ...schedules })
  .transform(followLearningRate);

/** User form and resolved form of SAC's hyperparameters. */
export const sacHyperparameters = section({
  learning_rate: learningRate.default(3e-4),
  learning_rate_schedule: schedule.default("constant"),
  batch_size: batchSize.default(128),
  /** Experiences that the replay buffer holds. */
  buffer_size: bufferSize.default(50000),
  /** No update before this many steps. */
  buffer_init_steps: count({ min: 0, unit: "steps" }).default(0),
  /** Share of the new weights in the target network, per update. */
  tau: real({ above: 0, max: 1 }).default(0.005),
  /** Agent steps per policy update. */
  steps_per_update: real({ above: 0, unit: "steps" }).default(1),
  save_replay_buffer: flag().default(false),
  /** First entropy coefficient. */
  init_entcoef: real({ above: 0 }).default(1),
  /** Agent steps per reward-network update; as `steps_per_update`. */
  reward_signal_steps_per_update: real({ above: 0, unit: "steps" }).optional(),
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
export type PocaHyperparameters = DeepReadonly<
  z.output<typeof pocaHyperparameters>
>;
export type SacHyperparameters = DeepReadonly<
  z.output<typeof sacHyperparameters>
>;
