import assert from "node:assert/strict";
import { z } from "zod";
import { commandOptions } from "../../lib/api/command_options.ts";
import { isSwitch } from "../../lib/api/command_program.ts";
import { behaviorSettings } from "../../lib/settings/behavior_settings.ts";
import { settingSchema } from "../../lib/settings/run_settings.ts";
import { valueAt } from "../../lib/settings/plain_maps.ts";

Deno.test("every option leads to a setting that exists, of its kind", () => {
  const behavior = behaviorSettings.parse({});
  for (const { flags, path, everyBehavior } of commandOptions) {
    if (everyBehavior) {
      assert.equal(typeof valueAt(behavior, path), "boolean", flags);
    } else if (path.length > 1) {
      const takesBoolean = z.safeParse(settingSchema(path), true).success;
      assert.equal(takesBoolean, isSwitch(flags), flags);
    }
  }
});

Deno.test("no option stands twice", () => {
  const names = commandOptions.map(({ flags }) => flags.split(" ")[0]);
  assert.equal(new Set(names).size, names.length);
});
