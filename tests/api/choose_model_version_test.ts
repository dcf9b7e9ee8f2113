import assert from "node:assert/strict";
import { chooseModelVersion } from "../../lib/api/choose_model_version.ts";
import { Basic } from "../../lib/env/sims/basic.ts";
import type { RunEvent } from "../../lib/events.ts";
import { resolveSettings } from "../../lib/settings/resolve_settings.ts";
import { EnvironmentPool } from "../../lib/train/environment_pool.ts";

type Checkpoints = { model_version?: 2 | 3; inference?: boolean };

/** The version for a player of a package, and what is said of it. */
async function choose(packageVersion?: string, settings: Checkpoints = {}) {
  const environment = Object.assign(
    new Basic({ seed: 1 }),
    packageVersion !== undefined && { packageVersion },
  );
  const pool = await EnvironmentPool.open({
    count: 1,
    open: () => Promise.resolve(environment),
    lockstep: false,
    restarts: null,
    signal: new AbortController().signal,
  });
  const events: RunEvent[] = [];
  const version = await chooseModelVersion(
    resolveSettings({ checkpoint_settings: settings }).settings,
    pool,
    (event) => void events.push(event),
  );
  await pool.close();
  const said = events.map((event) =>
    event.type === "notice" ? event.message : event.type
  );
  return { version, said };
}

Deno.test("models are of the version that the player's package loads", async () => {
  for (
    const version of ["2.0.0", "2.0.0-exp.1", "3.0.0", "4.0.1", "", "10.1"]
  ) {
    assert.deepEqual(await choose(version), { version: 3, said: [] }, version);
  }
  assert.deepEqual(await choose(), { version: 3, said: [] });
  for (const version of ["1.0.8", "1.9.1-preview"]) {
    assert.deepEqual(await choose(version), {
      version: 2,
      said: [
        `The game has package ML-Agents ${version}: its models are written ` +
        "in version 2, which that loads (model_version).",
      ],
    });
  }
});

Deno.test("the setting decides where it is written", async () => {
  assert.deepEqual(await choose("1.0.8", { model_version: 3 }), {
    version: 3,
    said: [],
  });
  assert.deepEqual(await choose("3.0.0", { model_version: 2 }), {
    version: 2,
    said: [],
  });
});

Deno.test("who only acts hears nothing of models that are not written", async () => {
  const { said } = await choose("1.0.8", { inference: true });
  assert.deepEqual(said, []);
});
