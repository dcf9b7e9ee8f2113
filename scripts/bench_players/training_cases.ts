/** The trainings that the benchmark times. */
import { fileURLToPath } from "node:url";
import { parse } from "yaml";
import { type PlayerCase, writePlayer } from "./player_case.ts";
import type { TableOptions } from "./table_options.ts";
import type { TrainingCase } from "./training_table.ts";

const fileOf = (name: string) =>
  fileURLToPath(new URL(`../../config/${name}`, import.meta.url));

const exampleFile = fileOf("3dball.yaml");
const sacFile = fileOf("sac/3dball.yaml");

/** The example's training with so many players of 3DBall at once. */
export async function manyPlayers(
  players: number,
  steps: number,
  { folder, basePort }: TableOptions,
): Promise<TrainingCase> {
  const path = await writePlayer(folder, "sim:3DBall");
  const configuration = parse(Deno.readTextFileSync(exampleFile));
  configuration.behaviors["3DBall"].max_steps = steps;
  configuration.env_settings = {
    env_path: path,
    num_envs: players,
    base_port: basePort,
  };
  return { name: `${players} x 12 agents`, configuration };
}

const trainerSteps = 20_000;

/** One update of SAC for ten steps of 3DBall: Unity's configuration. */
export async function offPolicy(
  { folder, basePort }: TableOptions,
): Promise<TrainingCase> {
  const configuration = parse(Deno.readTextFileSync(sacFile));
  configuration.behaviors["3DBall"].max_steps = trainerSteps;
  configuration.env_settings = {
    env_path: await writePlayer(folder, "sim:3DBall"),
    base_port: basePort,
  };
  return { name: "SAC, 12 agents", configuration };
}

/** POCA with four groups of three agents, 216 minibatches. */
export async function groups(
  { folder, basePort }: TableOptions,
): Promise<TrainingCase> {
  return {
    name: "POCA, 4 groups of 3",
    configuration: {
      default_settings: {
        trainer_type: "poca",
        hyperparameters: { batch_size: 256, buffer_size: 2048, num_epoch: 3 },
        network_settings: { hidden_units: 128, num_layers: 2 },
        reward_signals: { extrinsic: { gamma: 0.99, strength: 1 } },
        max_steps: trainerSteps,
        summary_freq: 2000,
      },
      env_settings: {
        env_path: await writePlayer(folder, "scene:Groups"),
        num_areas: 4,
        base_port: basePort,
      },
    },
  };
}

/** Decisions of an episode in these scenes. */
const episodeLength = 100;

/**
 * The policy at work but never trained: the buffer is too large to become
 * full. Pictures go through the simple encoder.
 */
export async function policyAlone(
  { name, agents, scene, areas, sees }: PlayerCase,
  { folder, basePort }: TableOptions,
): Promise<TrainingCase> {
  // Steps count when an episode ends, and all agents' episodes end together.
  const round = agents * episodeLength;
  const steps = round * (sees === "vectors" ? 40 : 6);
  return {
    name,
    configuration: {
      // For whatever the scene calls its behavior.
      default_settings: {
        trainer_type: "ppo",
        hyperparameters: { batch_size: 64, buffer_size: 10 * steps },
        network_settings: {
          normalize: sees === "vectors",
          hidden_units: 128,
          num_layers: sees === "vectors" ? 2 : 1,
          vis_encode_type: "simple",
        },
        reward_signals: { extrinsic: { gamma: 0.99, strength: 1 } },
        // Trainers go on until they have passed it.
        max_steps: steps - 1,
        checkpoint_interval: 10 * steps,
        time_horizon: episodeLength,
        summary_freq: round,
      },
      env_settings: {
        env_path: await writePlayer(folder, scene),
        num_areas: areas,
        base_port: basePort,
      },
    },
  };
}
