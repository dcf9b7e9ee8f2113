import assert from "node:assert/strict";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { inTemporaryFolder } from "./util/temporary_folder.ts";

const folder = fileURLToPath(new URL("../examples", import.meta.url));

/** What each example prints in the end. */
const lastLines: Readonly<Record<string, RegExp>> = {
  "01_train_3dball.ts": /^3DBall: 20\d{3} steps, model .*3DBall\.onnx$/,
  "02_watch_events.ts": /^stopped after \d+\.\d s$/,
  "03_act_by_a_rule.ts": /^0 episodes ended, reward 1[12]\d\d\.\d in all$/,
  "04_typed_settings.ts": /^debug: false +# default$/,
  "05_low_level.ts": /^4\d\d episodes, 0\.[89]\d each$/,
  "06_gymnasium.ts": /^episode 50: reward 0\.93$/,
  "07_own_environment.ts": /^rewards of ten episodes: 0\.96(, 0\.96){9}$/,
};

Deno.test("every example is run here", () => {
  const names = [...Deno.readDirSync(folder)].map(({ name }) => name).sort();
  assert.deepEqual(names, Object.keys(lastLines));
});

for (const [name, lastLine] of Object.entries(lastLines)) {
  Deno.test(`example ${name} runs to its end`, async () => {
    await inTemporaryFolder(async (cwd) => {
      const { success, stdout, stderr } = await new Deno.Command(
        Deno.execPath(),
        { args: ["run", "-A", "--no-check", join(folder, name)], cwd },
      ).output();
      assert.ok(success, new TextDecoder().decode(stderr));
      const lines = new TextDecoder().decode(stdout).trimEnd().split("\n");
      assert.match(lines[lines.length - 1], lastLine);
    });
  });
}
