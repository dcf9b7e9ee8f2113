import assert from "node:assert/strict";
import { join } from "node:path";
import { explainRun } from "../../lib/api/explain_run.ts";
import { resolveSettings } from "../../lib/settings/resolve_settings.ts";
import { inTemporaryFolder } from "../util/temporary_folder.ts";

/** What is printed about a run, and the warnings. */
async function explain(words: readonly string[], json = false) {
  const printed: string[] = [];
  const complaints: string[] = [];
  await explainRun({ kind: "explain", words, json }, {
    print: (text) => printed.push(text),
    complain: (text) => complaints.push(text),
  });
  return { text: printed.join("\n"), complaints };
}

Deno.test("origins are lines of the file, options and defaults", async () => {
  await inTemporaryFolder(async (folder) => {
    const file = join(folder, "a.yaml");
    Deno.writeTextFileSync(file, "behaviors:\n  A:\n    max_steps: 100000\n");
    const { text, complaints } = await explain([
      file,
      "--seed=7",
      "--deterministic",
      "--no-graphics",
      "--save-freq=3",
      "--env-args",
      "--level",
      "2",
    ]);
    const originOf = (setting: string) => {
      const line = text.split("\n").find((each) => each.includes(setting));
      return line?.split("# ")[1];
    };
    assert.equal(originOf("max_steps: 100000"), `${file}:3`);
    assert.equal(originOf("seed: 7"), "--seed");
    assert.equal(originOf("deterministic: true"), "--deterministic");
    assert.equal(originOf("no_graphics: true"), "--no-graphics");
    assert.equal(originOf("env_args: [ --level"), "--env-args");
    assert.equal(originOf("checkpoint_interval: 3"), "--save-freq");
    assert.equal(originOf("num_envs: 1"), "default");
    assert.match(complaints.join("\n"), /^warning: --save-freq: /);
  });
});

Deno.test("JSON has the structure of the YAML, and nothing else", async () => {
  const { text } = await explain(["--num-envs", "3", "--env", "sim:A"], true);
  const { settings } = resolveSettings({
    default_settings: {},
    env_settings: { num_envs: 3, env_path: "sim:A" },
  });
  assert.deepEqual(JSON.parse(text), settings);
});

Deno.test("warnings do not mix with what is printed", async () => {
  const { text, complaints } = await explain(["--resume", "--force"], true);
  assert.doesNotMatch(text, /warning/);
  assert.match(complaints.join("\n"), /^warning: .*beside resume/);
});

Deno.test("mistakes are those of training", async () => {
  await assert.rejects(explain(["--seed", "x"]), { name: "UserError" });
  await assert.rejects(explain(["schema"]), { message: /^schema: is no run/ });
  await assert.rejects(explain(["nowhere.yaml"]), { name: "UserError" });
});
