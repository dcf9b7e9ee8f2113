/** What the README shows is checked, and what takes no training is run. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { inTemporaryFolder } from "./util/temporary_folder.ts";

const root = fileURLToPath(new URL("..", import.meta.url));
const readme = Deno.readTextFileSync(join(root, "README.md"));

/** The blocks of code in a language. */
function blocks(language: string): string[] {
  const fence = new RegExp(`^\`\`\`${language}\\n([^]*?)^\`\`\`$`, "gm");
  return [...readme.matchAll(fence)].map(([, code]) => code);
}

async function deno(args: readonly string[], cwd: string): Promise<string> {
  const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [...args],
    cwd,
    env: { NO_COLOR: "1" },
  }).output();
  assert.ok(success, new TextDecoder().decode(stderr));
  return new TextDecoder().decode(stdout);
}

Deno.test("programs compile, and those that do not train run", async () => {
  await inTemporaryFolder(async (folder) => {
    const programs = blocks("ts").map((code) =>
      code.replaceAll('"./mod.ts"', JSON.stringify(join(root, "mod.ts")))
    );
    assert.ok(programs.length >= 2);
    const paths = programs.map((_, i) => join(folder, `program_${i}.ts`));
    programs.forEach((code, i) => Deno.writeTextFileSync(paths[i], code));
    const options = ["--config", join(root, "deno.json")];
    await deno(["check", ...options, ...paths], folder);
    for (const [i, code] of programs.entries()) {
      if (code.includes(".run()")) continue;
      await deno(["run", "-A", "--no-check", ...options, paths[i]], folder);
      assert.ok(Deno.statSync(join(folder, "mine.yaml")).isFile);
    }
  });
});

const firstLines: Readonly<Record<string, RegExp>> = {
  explain: /^default_settings: null +# default$/,
  permissions: /^# read .*3dball\.yaml: the configuration$/,
  schema: /^schema\.json is written\./,
};

for (const [verb, firstLine] of Object.entries(firstLines)) {
  Deno.test(`the command with ${verb} runs`, async () => {
    const command = blocks("sh").flatMap((block) => block.split("\n"))
      .find((line) => line.startsWith(`deno run -A cli.ts ${verb} `));
    assert.ok(command);
    const words = command.split(" ").slice(1).map((word) =>
      /^(cli\.ts|config\/.*)$/.test(word) ? join(root, word) : word
    );
    await inTemporaryFolder(async (folder) => {
      const output = await deno(words, folder);
      assert.match(output.split("\n")[0], firstLine);
    });
  });
}
