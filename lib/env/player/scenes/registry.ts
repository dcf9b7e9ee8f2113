/** The test scenes by name. */
import type { WorldFactory } from "../player_world.ts";
import { cameras } from "./cameras.ts";
import { channels } from "./channels.ts";
import { crowd } from "./crowd.ts";
import { endings } from "./endings.ts";
import { entities } from "./entities.ts";
import { floats } from "./floats.ts";
import { grids } from "./grids.ts";
import { groups } from "./groups.ts";
import { hybrid } from "./hybrid.ts";
import { masks } from "./masks.ts";
import type { SceneKind } from "./scene.ts";
import type { SceneName } from "./scene_summaries.ts";
import { teams } from "./teams.ts";
import { vectors } from "./vectors.ts";
import { visual } from "./visual.ts";

const scenes: Readonly<Record<SceneName, SceneKind | WorldFactory>> = {
  Vectors: vectors,
  Hybrid: hybrid,
  Masks: masks,
  Visual: visual,
  Grids: grids,
  Floats: floats,
  Cameras: cameras,
  Entities: entities,
  Groups: groups,
  Teams: teams,
  Crowd: crowd,
  Endings: endings,
  Channels: channels,
};

/** Every scene under its name: what an academy plays, or a whole world. */
export const sceneKinds: ReadonlyMap<string, SceneKind | WorldFactory> =
  new Map(
    Object.entries(scenes),
  );
