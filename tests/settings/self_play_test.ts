import assert from "node:assert/strict";
import { selfPlay } from "../../lib/settings/self_play.ts";

Deno.test("defaults, in the reference's key order", () => {
  assert.deepEqual(Object.entries(selfPlay.parse({})), [
    ["save_steps", 20_000],
    ["team_change", 100_000],
    ["swap_steps", 2000],
    ["window", 10],
    ["play_against_latest_model_ratio", 0.5],
    ["initial_elo", 1200],
  ]);
});

Deno.test("the team changes after five snapshots unless written", () => {
  assert.equal(selfPlay.parse({ save_steps: 300 }).team_change, 1500);
  const written = { save_steps: 300, team_change: 7 };
  assert.equal(selfPlay.parse(written).team_change, 7);
});

Deno.test("a ratio is a share", () => {
  const given = { play_against_latest_model_ratio: 1.5 };
  assert.equal(selfPlay.safeParse(given).success, false);
});
