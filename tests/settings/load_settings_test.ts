import assert from "node:assert/strict";
import { UserError } from "../../lib/errors.ts";
import { loadSettings } from "../../lib/settings/load_settings.ts";
import { inTemporaryFolder } from "../util/temporary_folder.ts";

Deno.test("a file is loaded by path or URL", () =>
  inTemporaryFolder(async (folder) => {
    const path = `${folder}/run.yaml`;
    await Deno.writeTextFile(path, "\ufeffcheckpoint_settings: {run_id: x}");
    for (const way of [path, new URL(`file://${path}`)]) {
      const { settings } = await loadSettings(way);
      assert.equal(settings.checkpoint_settings.run_id, "x");
    }
  }));

Deno.test("a missing file suggests its neighbours", () =>
  inTemporaryFolder(async (folder) => {
    await Deno.writeTextFile(`${folder}/3dball.yaml`, "");
    await assert.rejects(
      loadSettings(`${folder}/3dbal.yaml`),
      new UserError({
        what: "no such configuration file",
        place: { file: `${folder}/3dbal.yaml` },
        cure: "Did you mean 3dball.yaml?",
      }),
    );
    await assert.rejects(
      loadSettings(`${folder}/walker.yaml`),
      /no such configuration file\n {2}There are: 3dball\.yaml$/,
    );
    await assert.rejects(
      loadSettings(`${folder}/nowhere/3dball.yaml`),
      /no such configuration file$/,
    );
    await assert.rejects(loadSettings(folder), /is a folder/);
  }));

Deno.test("what is no text is refused as a whole", () =>
  inTemporaryFolder(async (folder) => {
    const path = `${folder}/model.yaml`;
    for (const bytes of [[0xff, 0xfe, 0x41, 0], [0x41, 0, 0x42], [0xc3]]) {
      await Deno.writeFile(path, new Uint8Array(bytes));
      await assert.rejects(loadSettings(path), /is not a text in UTF-8/);
    }
  }));

Deno.test("what is too large is refused without reading all of it", () =>
  inTemporaryFolder(async (folder) => {
    const path = `${folder}/run.yaml`;
    const text = "debug: true";
    await Deno.writeTextFile(path, text.padEnd(64 * 1024));
    assert.ok((await loadSettings(path)).settings.debug);
    await Deno.writeTextFile(path, text.padEnd(64 * 1024 + 1));
    const refusal = /too large for a configuration \(allowed: at most 64 KiB\)/;
    await assert.rejects(loadSettings(path), refusal);
    await Deno.truncate(path, 100e6);
    await assert.rejects(loadSettings(path), refusal);
    if (Deno.build.os !== "windows") {
      await assert.rejects(loadSettings("/dev/zero"), refusal);
    }
  }));

Deno.test("only files are read", async () => {
  await assert.rejects(
    loadSettings(new URL("https://example.com/run.yaml")),
    /^UserError: a configuration is read from files only/,
  );
});
