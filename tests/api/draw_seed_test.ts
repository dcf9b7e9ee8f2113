import assert from "node:assert/strict";
import { drawSeed } from "../../lib/api/draw_seed.ts";
import { resolveSettings } from "../../lib/settings/resolve_settings.ts";

const seeded = (seed: number) =>
  drawSeed(resolveSettings({ env_settings: { seed } }).settings);

Deno.test("a seed that is given is kept, -1 draws one and writes it down", () => {
  assert.equal(seeded(7).seed, 7);
  const drawn = Array.from({ length: 5 }, () => seeded(-1));
  for (const { seed, settings } of drawn) {
    assert(Number.isInteger(seed) && seed >= 0 && seed < 10_000);
    assert.equal(settings.env_settings.seed, seed);
  }
  assert(new Set(drawn.map(({ seed }) => seed)).size > 1);
});
