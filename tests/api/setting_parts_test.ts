import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import {
  behavioralCloning,
  curiosity,
  extrinsic,
  gail,
  memory,
  poca,
  ppo,
  rnd,
  sac,
  selfPlay,
} from "../../lib/api/setting_parts.ts";

Deno.test("mistakes in typed settings do not compile", async () => {
  const path = fileURLToPath(new URL("mistyped_settings.ts", import.meta.url));
  const { success, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["check", path],
  }).output();
  assert.ok(success, new TextDecoder().decode(stderr));
});

Deno.test("trainers name themselves first, as files do", () => {
  assert.deepEqual(Object.entries(ppo({ max_steps: 7 })), [
    ["trainer_type", "ppo"],
    ["max_steps", 7],
  ]);
  assert.deepEqual(sac({ hyperparameters: { tau: 0.01 } }), {
    trainer_type: "sac",
    hyperparameters: { tau: 0.01 },
  });
  assert.deepEqual(poca(), { trainer_type: "poca" });
});

Deno.test("the other parts are what is given", () => {
  const demonstrations = { demo_path: "a.demo" };
  assert.deepEqual(
    [extrinsic(), curiosity(), rnd(), selfPlay(), memory()],
    [{}, {}, {}, {}, {}],
  );
  assert.deepEqual(gail(demonstrations), demonstrations);
  assert.deepEqual(behavioralCloning(demonstrations), demonstrations);
});
