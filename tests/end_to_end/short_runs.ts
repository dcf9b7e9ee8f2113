/** Configurations of short runs with everything that a state consists of. */
import { join } from "node:path";
import type { RunConfiguration } from "../../lib/settings/run_settings.ts";
import { digestOf } from "../support/files_of.ts";

export interface ShortRun {
  /** What tests call it. */
  readonly name: string;
  readonly behavior: string;
  readonly configuration: RunConfiguration;
}

/** Runs of a second or two: each trainer, each kind of actions, and memories. */
export function shortRuns(maxSteps: number): readonly ShortRun[] {
  const common = {
    max_steps: maxSteps,
    summary_freq: 1000,
    checkpoint_interval: 1000,
  };
  return [
    {
      name: "3DBall",
      behavior: "3DBall",
      configuration: {
        behaviors: {
          "3DBall": {
            ...common,
            hyperparameters: { batch_size: 64, buffer_size: 600 },
            network_settings: {
              normalize: true,
              hidden_units: 16,
              num_layers: 2,
            },
            time_horizon: 50,
          },
        },
        env_settings: { env_path: "sim:3DBall", seed: 5 },
        environment_parameters: {
          scale: {
            sampler_type: "uniform",
            sampler_parameters: { min_value: 0.5, max_value: 2 },
          },
        },
        checkpoint_settings: { run_id: "r" },
      },
    },
    {
      name: "Basic",
      behavior: "Basic",
      configuration: {
        behaviors: {
          Basic: {
            ...common,
            hyperparameters: { batch_size: 32, buffer_size: 256 },
            network_settings: { hidden_units: 8, num_layers: 1 },
            time_horizon: 3,
          },
        },
        env_settings: { env_path: "sim:Basic", seed: 5 },
        checkpoint_settings: { run_id: "r" },
      },
    },
    {
      name: "Basic with memory",
      behavior: "Basic",
      configuration: {
        behaviors: {
          Basic: {
            ...common,
            hyperparameters: { batch_size: 32, buffer_size: 256 },
            network_settings: {
              hidden_units: 8,
              num_layers: 1,
              memory: { sequence_length: 4, memory_size: 6 },
            },
            // Sequences that episodes do not fill.
            time_horizon: 6,
          },
        },
        env_settings: { env_path: "sim:Basic", seed: 5 },
        checkpoint_settings: { run_id: "r" },
      },
    },
    {
      name: "3DBall with SAC",
      behavior: "3DBall",
      configuration: {
        behaviors: {
          "3DBall": {
            ...common,
            trainer_type: "sac",
            hyperparameters: {
              batch_size: 32,
              buffer_size: 500,
              steps_per_update: 40,
              random_action_steps: 500,
              save_replay_buffer: true,
            },
            network_settings: {
              normalize: true,
              hidden_units: 8,
              num_layers: 1,
            },
          },
        },
        env_settings: { env_path: "sim:3DBall", seed: 5 },
        checkpoint_settings: { run_id: "r" },
      },
    },
    {
      name: "Basic with SAC and memory",
      behavior: "Basic",
      configuration: {
        behaviors: {
          Basic: {
            ...common,
            trainer_type: "sac",
            hyperparameters: {
              batch_size: 32,
              buffer_size: 500,
              steps_per_update: 40,
              save_replay_buffer: true,
            },
            network_settings: {
              hidden_units: 8,
              num_layers: 1,
              memory: { sequence_length: 4, memory_size: 6 },
            },
          },
        },
        env_settings: { env_path: "sim:Basic", seed: 5 },
        checkpoint_settings: { run_id: "r" },
      },
    },
    {
      name: "DungeonEscape with POCA",
      behavior: "DungeonEscape",
      configuration: {
        behaviors: {
          DungeonEscape: {
            ...common,
            trainer_type: "poca",
            hyperparameters: { batch_size: 128, buffer_size: 1500 },
            network_settings: { hidden_units: 8, num_layers: 1 },
            time_horizon: 20,
          },
        },
        env_settings: { env_path: "sim:DungeonEscape", seed: 5 },
        checkpoint_settings: { run_id: "r" },
      },
    },
  ];
}

/** Digests of what a run leaves: its state and its model. */
export async function finalFiles(
  resultsDirectory: string,
  behavior: string,
): Promise<readonly string[]> {
  const run = join(resultsDirectory, "r");
  return [
    await digestOf(join(run, behavior, "checkpoint.safetensors")),
    await digestOf(join(run, `${behavior}.onnx`)),
  ];
}
