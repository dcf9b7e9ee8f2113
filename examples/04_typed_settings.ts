/**
 * Describes a run in code, shows where each setting comes from, and writes the
 * same settings as a configuration file:
 *
 *   deno run -A examples/04_typed_settings.ts
 */
import { curriculum, gaussian, ppo, train, uniform } from "../mod.ts";

const run = train(new URL("../config/3dball.yaml", import.meta.url))
  // Laid over the file, key by key; a wrong key would not compile.
  .behavior("3DBall", ppo({ hyperparameters: { batch_size: 128 } }))
  .withCuriosity({ strength: 0.02 }) // for every behavior
  .withMemory({ memory_size: 64 }, "3DBall") // for this one
  .parameter("mass", uniform(0.5, 2))
  .parameter(
    "scale",
    curriculum([
      {
        name: "large",
        value: 2,
        completion_criteria: { behavior: "3DBall", threshold: 50 },
      },
      { name: "any", value: gaussian(1, 0.2) },
    ]),
  )
  .engine({ time_scale: 10 })
  .settings({ env_settings: { timeout_wait: 120 } }) // whatever has no method
  .seed(7);

console.log(await run.explain());
await Deno.writeTextFile("typed.yaml", await run.toYaml());
