import { join } from "node:path";
import { writePlayerWrapper } from "../../lib/env/player/player_wrapper.ts";

/** A scene that players of all trainers show. */
export interface PlayerCase {
  readonly name: string;
  /** What `cli.ts serve` is told to serve. */
  readonly scene: string;
  /** Copies of the scene's area. */
  readonly areas: number;
  readonly agents: number;
  readonly sees: "vectors" | "pictures";
  /** Exchanges of one round: about a second for the slower side. */
  readonly exchanges: number;
}

const cameras: PlayerCase = {
  name: "12 cameras, 84x84 PNG",
  scene: "scene:Cameras",
  areas: 1,
  agents: 12,
  sees: "pictures",
  exchanges: 100,
};

/** From one agent to many, all deciding in every step. */
export const playerCases: readonly PlayerCase[] = [
  vectors(1, 1000),
  vectors(12, 800),
  vectors(100, 400),
  vectors(1000, 150),
  cameras,
];

/** The two of which the policy is timed too. */
export const policyCases: readonly PlayerCase[] = [vectors(12, 800), cameras];

function vectors(agents: number, exchanges: number): PlayerCase {
  return {
    name: `${agents} x 8 floats`,
    scene: "scene:Floats",
    areas: agents,
    agents,
    sees: "vectors",
    exchanges,
  };
}

/** Writes an executable file that shows a scene and returns its path. */
export async function writePlayer(
  folder: string,
  scene: string,
): Promise<string> {
  const path = join(folder, `${scene.replace(":", "_")}.x86_64`);
  await writePlayerWrapper(path, scene);
  return path;
}
