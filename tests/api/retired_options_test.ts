import assert from "node:assert/strict";
import { commandOptions } from "../../lib/api/command_options.ts";
import { isSwitch } from "../../lib/api/command_program.ts";
import { retiredOptions } from "../../lib/api/retired_options.ts";
import { behaviorSettings } from "../../lib/settings/behavior_settings.ts";
import { valueAt } from "../../lib/settings/plain_maps.ts";
import { settingSchema } from "../../lib/settings/run_settings.ts";

const nameOf = ({ flags }: { readonly flags: string }) => flags.split(" ")[0];

Deno.test("no option stands twice, nor among today's", () => {
  const names = [...commandOptions, ...retiredOptions].map(nameOf);
  assert.equal(new Set(names).size, names.length);
});

Deno.test("all options that the reference removed have an answer", () => {
  const removed = [
    ...["--run-path", "--batch-size", "--beta", "--buffer-size", "--epsilon"],
    ...["--gamma", "--hidden-units", "--lambd", "--learning-rate"],
    ...["--max-steps", "--normalize", "--num-epoch", "--num-layers"],
    ...["--summary-freq", "--time-horizon", "--curriculum", "--save-freq"],
    ...["--keep-checkpoints", "--lesson", "--worker-id", "--slow", "--load"],
    ...["--docker-target-name", "--num-runs", "--sampler", "--multi-gpu"],
    ...["--cpu", "--train", "--torch", "--tensorflow"],
  ];
  assert.deepEqual(retiredOptions.map(nameOf).sort(), removed.sort());
});

Deno.test("what they set exists, switches set something themselves", () => {
  const behavior = behaviorSettings.parse({});
  for (const option of retiredOptions) {
    if (option.kind !== "taken") continue;
    if (option.everyBehavior) {
      assert.equal(typeof valueAt(behavior, option.path), "number");
    } else settingSchema(option.path);
    assert.equal(isSwitch(option.flags), option.value !== undefined);
    assert.equal(isSwitch(option.flags), option.schema === undefined);
  }
});
