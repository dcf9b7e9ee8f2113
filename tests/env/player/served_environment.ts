/** A simulator behind the wire: player and trainer in one process. */
import { createSimulator } from "../../../lib/env/sims/registry.ts";
import { servePlayer } from "../../../lib/env/player/player.ts";
import { UnityEnvironment } from "../../../lib/env/unity/unity_environment.ts";
import type { UnityEnvironmentOptions } from "../../../lib/env/unity/unity_environment_options.ts";
import { delay, freePort } from "../unity/fake_player.ts";

/** Starts an environment that a built-in simulator plays. */
export async function startServed(
  simulator: string,
  options: Partial<UnityEnvironmentOptions> & { seed: number },
): Promise<UnityEnvironment> {
  const port = freePort();
  const starting = UnityEnvironment.start({
    executable: null,
    editorPort: port,
    ...options,
  });
  const playing = play(simulator, port);
  const [environment] = await Promise.all([
    starting,
    Promise.race([playing, starting]),
  ]);
  return environment;
}

async function play(simulator: string, port: number): Promise<void> {
  const createEnvironment = (seed: number, areaGroups: number) =>
    createSimulator(simulator, { seed, areaGroups });
  while (!await servePlayer({ port, createEnvironment })) await delay(5);
}
