import assert from "node:assert/strict";
import { readSettings } from "../../lib/settings/read_settings.ts";
import { resolveSettings } from "../../lib/settings/resolve_settings.ts";

Deno.test("a plain object resolves like its text", () => {
  const plain = { behaviors: { A: { max_steps: 60000 } } };
  assert.deepEqual(
    resolveSettings(plain).settings,
    readSettings(JSON.stringify(plain), "run.json").settings,
  );
});

Deno.test("without a text there are paths but no places", () => {
  assert.throws(() => resolveSettings({ behaviors: { A: { max_step: 1 } } }), {
    name: "UserError",
    message: "behaviors.A.max_step: unknown key\n  Did you mean max_steps?",
  });
});

Deno.test("resolving resolved settings changes nothing", () => {
  const { settings } = resolveSettings({
    default_settings: { self_play: {}, even_checkpoints: true },
    behaviors: {
      A: { behavioral_cloning: { demo_path: "d" } },
      B: { trainer_type: "sac" },
      C: { trainer_type: "poca", network_settings: { memory: {} } },
    },
    environment_parameters: { mass: 3 },
  });
  assert.deepEqual(resolveSettings(settings).settings, settings);
});

Deno.test("overrides win, and are not blamed on the file", () => {
  const text = "env_settings: {seed: 1}\ncheckpoint_settings: {run_id: a}";
  const { settings } = readSettings(text, "run.yaml", {
    run: { env_settings: { seed: 7 } },
  });
  assert.equal(settings.env_settings.seed, 7);
  assert.equal(settings.checkpoint_settings.run_id, "a");
  assert.throws(
    () =>
      readSettings(text, "run.yaml", {
        run: { checkpoint_settings: { run_id: "../a" } },
      }),
    /^UserError: checkpoint_settings\.run_id: the run id leads to another folder/,
  );
});

Deno.test("what holds for every behavior reaches the defaults too", () => {
  const deterministic = { network_settings: { deterministic: true } };
  const { settings } = resolveSettings({
    default_settings: {},
    behaviors: { A: {}, B: { network_settings: { hidden_units: 7 } } },
  }, { everyBehavior: deterministic });
  const { A, B } = settings.behaviors;
  assert.ok(A.network_settings.deterministic);
  assert.ok(B.network_settings.deterministic);
  assert.equal(B.network_settings.hidden_units, 7);
  assert.ok(settings.default_settings?.network_settings.deterministic);
});

Deno.test("resume or initialize: an override decides, else resuming wins", () => {
  const start = (written: object, over: object) => {
    const { settings, warnings } = resolveSettings(
      { checkpoint_settings: written },
      { run: { checkpoint_settings: over } },
    );
    const { resume, initialize_from } = settings.checkpoint_settings;
    return [resume, initialize_from, warnings.map(({ path }) => path)];
  };
  const resume = { resume: true };
  const initialize = { initialize_from: "b" };
  const dropped = ["checkpoint_settings.initialize_from"];
  assert.deepEqual(start(resume, {}), [true, null, []]);
  assert.deepEqual(start({ ...resume, ...initialize }, {}), [
    true,
    null,
    dropped,
  ]);
  assert.deepEqual(start(initialize, resume), [true, null, dropped]);
  assert.deepEqual(start({}, { ...resume, ...initialize }), [
    true,
    null,
    dropped,
  ]);
  assert.deepEqual(start(resume, initialize), [
    false,
    "b",
    ["checkpoint_settings.resume"],
  ]);
});
