import assert from "node:assert/strict";
import { describeProblem } from "../../lib/errors.ts";
import {
  checkBehaviors,
  findBehaviorSettings,
  misnamedBehaviors,
  missingBehaviors,
} from "../../lib/settings/behavior_lookup.ts";
import { defaultSettings } from "../../lib/settings/read_settings.ts";
import { resolveSettings } from "../../lib/settings/resolve_settings.ts";

const listed = resolveSettings({ behaviors: { "3DBall": {} } }).settings;
const withDefaults = resolveSettings({
  default_settings: { max_steps: 60000 },
  behaviors: { "3DBall": { max_steps: 70000 } },
}).settings;

Deno.test("listed settings, then default_settings", () => {
  const steps = (name: string) =>
    findBehaviorSettings(withDefaults, name).max_steps;
  assert.equal(steps("3DBall"), 70_000);
  assert.equal(steps("Basic"), 60_000);
  assert.equal(steps("toString"), 60_000);
});

Deno.test("a behavior without settings", () => {
  assert.throws(() => findBehaviorSettings(listed, "Walker"), {
    name: "UserError",
    message: 'no settings for the environment\'s behavior "Walker" ' +
      "(found behaviors 3DBall)\n" +
      "  Write it under behaviors, or give default_settings for all.",
  });
  assert.throws(
    () => findBehaviorSettings(listed, "3DBal"),
    /Is 3DBall under behaviors meant to be 3DBal\?/,
  );
});

Deno.test("behaviors of the environment are checked all at once", () => {
  const names = ["3DBall", "Walker", "Crawler", "../x"];
  assert.equal(checkBehaviors(listed, names).length, 3);
  assert.equal(checkBehaviors(withDefaults, names).length, 1);
  assert.deepEqual(checkBehaviors(defaultSettings().settings, ["Any"]), []);
});

Deno.test("listed behaviors that the environment lacks", () => {
  assert.deepEqual(missingBehaviors(listed, ["3DBall", "Other"]), []);
  assert.deepEqual(missingBehaviors(listed, ["3DBal"]), ["3DBall"]);
});

Deno.test("behaviors of other scenes are not misnamed", () => {
  const own = withDefaults.default_settings ?? assert.fail();
  const misnamed = (listed: readonly string[], names: readonly string[]) => {
    const settings = {
      ...withDefaults,
      behaviors: Object.fromEntries(
        listed.map((name) => [name, own]),
      ),
    };
    return misnamedBehaviors(settings, names).map(describeProblem);
  };
  assert.deepEqual(misnamed(["3DBall", "3DBallHard"], ["3DBall"]), []);
  assert.deepEqual(misnamed(["3DBall", "Walker"], ["3DBall", "Other"]), []);
  assert.deepEqual(misnamed(["3DBall"], ["3DBal"]), [
    "behaviors.3DBall: the environment has no such behavior " +
    "(allowed: 3DBal)\n  Did you mean 3DBal?",
  ]);
  assert.deepEqual(misnamed(["3DBall", "Wolker"], ["3DBall", "Walker"]), [
    "behaviors.Wolker: the environment has no such behavior " +
    "(allowed: 3DBall, Walker)\n  Did you mean Walker?",
  ]);
  const none = "the environment has no such behavior (allowed: Other)";
  assert.deepEqual(misnamed(["3DBall", "Walker"], ["Other"]), [
    `behaviors.3DBall: ${none}`,
    `behaviors.Walker: ${none}`,
  ]);
});
