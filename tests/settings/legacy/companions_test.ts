import assert from "node:assert/strict";
import { join } from "node:path";
import { loadCompanions } from "../../../lib/settings/legacy/companions.ts";

Deno.test("files and folders beside a configuration", async () => {
  const folder = await Deno.makeTempDir();
  try {
    for (const name of ["b.json", "a.yaml", "notes.txt"]) {
      await Deno.writeTextFile(join(folder, name), '{"parameters": {}}');
    }
    await Deno.mkdir(join(folder, "empty"));
    const names = async (curriculum: string) =>
      (await loadCompanions({ curriculum })).curricula?.map(({ name }) =>
        name.slice(folder.length + 1)
      );
    assert.deepEqual(await names(folder), ["a.yaml", "b.json"]);
    assert.deepEqual(await names(join(folder, "b.json")), ["b.json"]);
    assert.deepEqual(await loadCompanions({}), {});
    const { sampler } = await loadCompanions({
      sampler: join(folder, "a.yaml"),
    });
    assert.deepEqual(sampler?.yaml.value, { parameters: {} });

    await assert.rejects(
      names(join(folder, "empty")),
      /there is no curriculum in this folder \(allowed: a file BRAIN\.json/,
    );
    await assert.rejects(
      names(join(folder, "b.jsno")),
      /no such configuration file\n {2}Did you mean b\.json\?/,
    );
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
