import assert from "node:assert/strict";
import { join } from "node:path";
import { writeSchema } from "../../lib/api/write_schema.ts";
import { configurationSchema } from "../../lib/settings/configuration_schema.ts";
import { inTemporaryFolder } from "../util/temporary_folder.ts";

const expected = JSON.parse(JSON.stringify(configurationSchema()));

async function write(outputPath?: string): Promise<string> {
  const printed: string[] = [];
  await writeSchema({
    kind: "schema",
    ...outputPath !== undefined && { outputPath },
  }, { print: (text) => printed.push(text), complain: assert.fail });
  return printed.join("\n");
}

Deno.test("without a file the schema alone is printed", async () => {
  assert.deepEqual(JSON.parse(await write()), expected);
});

Deno.test("a file is written, and how editors find it is said", async () => {
  await inTemporaryFolder(async (folder) => {
    const path = join(folder, "mine.json");
    assert.match(
      await write(path),
      /\n# yaml-language-server: \$schema=mine\.json$/,
    );
    assert.deepEqual(JSON.parse(Deno.readTextFileSync(path)), expected);
  });
});

Deno.test("a folder that is not there is an error", async () => {
  await inTemporaryFolder(async (folder) => {
    const path = join(folder, "nowhere", "mine.json");
    await assert.rejects(write(path), { name: "UserError" });
  });
});
