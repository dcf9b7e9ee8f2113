import assert from "node:assert/strict";
import { join } from "node:path";
import { readConfigurationText } from "../../lib/settings/configuration_text.ts";
import { inTemporaryFolder } from "../util/temporary_folder.ts";

Deno.test("a file's text, whatever it holds", () =>
  inTemporaryFolder(async (folder) => {
    const path = join(folder, "a.yaml");
    await Deno.writeTextFile(path, "Köln: {}\n");
    assert.equal(await readConfigurationText(path), "Köln: {}\n");
  }));

Deno.test("folders and missing files name what is there", () =>
  inTemporaryFolder(async (folder) => {
    await Deno.writeTextFile(join(folder, "mine.yaml"), "");
    await Deno.writeTextFile(join(folder, "notes.txt"), "");
    await assert.rejects(
      readConfigurationText(folder),
      /is a folder, not a configuration file\n {2}There are: mine\.yaml$/,
    );
    await assert.rejects(
      readConfigurationText(join(folder, "mien.yaml")),
      /no such configuration file\n {2}Did you mean mine\.yaml\?$/,
    );
  }));

Deno.test("what is no UTF-8 is no text", () =>
  inTemporaryFolder(async (folder) => {
    const path = join(folder, "a.yaml");
    await Deno.writeFile(path, new Uint8Array([0x61, 0xff, 0x62]));
    await assert.rejects(readConfigurationText(path), /is not a text in UTF-8/);
  }));
