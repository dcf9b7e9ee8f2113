/**
 * Exchanges with a player by our library, as a user writes them:
 * exchange_ours.ts PLAYER AREAS PORT
 */
import { UnityEnvironment } from "../../lib/env/unity/unity_environment.ts";
import { serveRequests } from "../driver.ts";

const [executable, areas, port] = Deno.args;
await using environment = await UnityEnvironment.start({
  executable,
  numAreas: Number(areas),
  basePort: Number(port),
  seed: 1,
});
await environment.reset();
const [[behavior, { actionSpec }]] = environment.behaviorSpecs;

// Every agent that waits gets an action, zeros.
await serveRequests(async () => {
  const { count } = environment.getSteps(behavior).decision;
  environment.setActions(behavior, {
    continuous: new Float32Array(count * actionSpec.continuousSize),
    discrete: new Int32Array(count * actionSpec.discreteBranches.length),
  });
  await environment.step();
});
