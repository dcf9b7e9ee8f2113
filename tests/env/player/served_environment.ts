/** A world behind the wire: player and trainer in one process. */
import {
  defaultPackage,
  packagePreset,
} from "../../../lib/env/player/package_preset.ts";
import { type PlayerEnd, servePlayer } from "../../../lib/env/player/player.ts";
import { PlayerRecord } from "../../../lib/env/player/player_record.ts";
import { parseTrouble } from "../../../lib/env/player/trouble/trouble.ts";
import { TroubleMaker } from "../../../lib/env/player/trouble/trouble_maker.ts";
import type { WorldFactory } from "../../../lib/env/player/player_world.ts";
import { worldFactory } from "../../../lib/env/player/world_factory.ts";
import { UnityEnvironment } from "../../../lib/env/unity/unity_environment.ts";
import type { UnityEnvironmentOptions } from "../../../lib/env/unity/unity_environment_options.ts";
import { delay, freePort } from "../unity/fake_player.ts";

/** What a player in this process is, where it is not plain. */
export interface PlayHereOptions {
  readonly packageVersion?: string;
  readonly hasEpisodeIds?: boolean;
  readonly troubles?: readonly string[];
  readonly record?: string;
  readonly log?: (line: string) => void;
}

/** Plays for the trainer on a port. */
export function playHere(
  port: number,
  world: string | WorldFactory,
  options: PlayHereOptions = {},
): Promise<PlayerEnd> {
  const { packageVersion = defaultPackage, hasEpisodeIds = false } = options;
  const { troubles = [], record = null, log = () => {} } = options;
  const identity = { worker: 0, start: 1 };
  return servePlayer({
    port,
    preset: packagePreset(packageVersion),
    hasEpisodeIds,
    createWorld: typeof world === "string" ? worldFactory(world) : world,
    troubles: new TroubleMaker(troubles.map(parseTrouble), identity, log),
    record: new PlayerRecord(record),
    log,
  });
}

/** Starts an environment that a world plays, such as `sim:Basic`. */
export async function startServed(
  world: string,
  options: Partial<UnityEnvironmentOptions> & { seed: number },
  player: PlayHereOptions = {},
): Promise<UnityEnvironment> {
  const port = freePort();
  const starting = UnityEnvironment.start({
    executable: null,
    editorPort: port,
    ...options,
  });
  const playing = (async () => {
    while (await playHere(port, world, player) === "found no trainer") {
      await delay(5);
    }
  })();
  const [environment] = await Promise.all([
    starting,
    Promise.race([playing, starting]),
  ]);
  return environment;
}
