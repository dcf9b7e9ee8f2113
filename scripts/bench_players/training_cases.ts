/** The trainings that the benchmark times. */
import { fileURLToPath } from "node:url";
import { parse } from "yaml";
import { type PlayerCase, writePlayer } from "./player_case.ts";
import type { TableOptions } from "./table_options.ts";
import type { TrainingCase } from "./training_table.ts";

const exampleFile = fileURLToPath(
  new URL("../../config/3dball.yaml", import.meta.url),
);

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
