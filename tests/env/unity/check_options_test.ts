import assert from "node:assert/strict";
import { checkOptions } from "../../../lib/env/unity/check_options.ts";
import { UnityEnvironment } from "../../../lib/env/unity/unity_environment.ts";
import type { UnityEnvironmentOptions } from "../../../lib/env/unity/unity_environment_options.ts";

const executable = "game";

function checks(options: Partial<UnityEnvironmentOptions>): void {
  checkOptions({ executable, ...options });
}

Deno.test("what a player can be started with passes", () => {
  checks({});
  checks({ workerId: 3, seed: -1, numAreas: 8, timeoutWait: 0.5 });
  checks({ seed: 2 ** 31 - 1, timeoutWait: Infinity });
});

Deno.test("a wrong number is named with its option", () => {
  const wrong = {
    workerId: [-1, 0.5, NaN],
    seed: [1.5, 2 ** 31, -(2 ** 31) - 1, NaN],
    numAreas: [0, 2.5, NaN],
    timeoutWait: [0, -1, NaN],
  };
  for (const [name, values] of Object.entries(wrong)) {
    for (const value of values) {
      const message = new RegExp(
        `^${name}: A Unity player cannot be started like this \\(found ${value};`,
      );
      assert.throws(() => checks({ [name]: value }), {
        name: "UserError",
        message,
      });
    }
  }
});

Deno.test("options are checked before anything is started", async () => {
  const starting = UnityEnvironment.start({ executable, timeoutWait: 0 });
  await assert.rejects(starting, { message: /^timeoutWait: .*more than 0/ });
});
