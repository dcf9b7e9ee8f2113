import assert from "node:assert/strict";
import { SeededEnvironment } from "../../../lib/env/wrappers/environment_source.ts";
import { ScriptedEnvironment } from "../../support/scripted_environment.ts";

function scripted(): ScriptedEnvironment {
  return new ScriptedEnvironment({}, [[{}], [{}]]);
}

Deno.test("an environment is reset and given its parameters", async () => {
  const environment = scripted();
  const held = await SeededEnvironment.open(environment, 1);
  assert.equal(held.environment, environment);
  await held.reset({});
  await held.reset({ options: { mass: 2 } });
  await held.close();
  assert.deepEqual(environment.log, ["reset", "mass = 2", "reset", "close"]);
});

Deno.test("a seed makes the environment anew, parameters stay", async () => {
  const made: [number, ScriptedEnvironment][] = [];
  const held = await SeededEnvironment.open((seed) => {
    const environment = scripted();
    made.push([seed, environment]);
    return Promise.resolve(environment);
  }, 3);
  await held.reset({ options: { mass: 2 } });
  await held.reset({ seed: 7, options: { scale: 3 } });
  assert.equal(held.environment, made[1][1]);
  assert.deepEqual(made.map(([seed, { log }]) => [seed, log]), [
    [3, ["mass = 2", "reset", "close"]],
    [7, ["mass = 2", "scale = 3", "reset"]],
  ]);
});

Deno.test("an environment that is there takes no other seed", async () => {
  const environment = scripted();
  const held = await SeededEnvironment.open(environment, 1);
  await assert.rejects(held.reset({ seed: 7 }), {
    name: "UserError",
    message: /cannot be given another seed .*found seed 7\)\n.*Wrap a function/,
  });
  assert.deepEqual(environment.log, []);
});
