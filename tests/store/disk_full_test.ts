import assert from "node:assert/strict";
import { onMountedDisk } from "../support/mounted.ts";
import { inTemporaryFolder } from "../util/temporary_folder.ts";

Deno.test("a full disk costs no saved checkpoint, and the run can go on", () =>
  inTemporaryFolder(async (folder) => {
    const program = new URL("./disk_full_program.ts", import.meta.url).pathname;
    const output = await onMountedDisk(
      folder,
      "size=300k",
      `"${Deno.execPath()}" run -A --no-check "${program}" "${folder}"`,
    );
    if (output === null) return;
    assert(output.success, new TextDecoder().decode(output.stderr));
    const seen = JSON.parse(new TextDecoder().decode(output.stdout));
    const { first, firstFiles, resumedAt, second } = seen;
    assert(first.step > 0);
    assert.match(first.message, /no space left on the disk/);
    assert.match(first.message, /Free some space/);
    assert(first.message.includes(`A at step ${first.step}`));
    assert.match(first.message, /--run-id=r --resume/);
    assert(firstFiles.every((name: string) => !name.endsWith(".tmp")));
    assert(firstFiles.includes(`A-${first.step}.safetensors`));
    assert(!firstFiles.includes(`A-${first.step + 1}.safetensors`));
    assert.equal(resumedAt, first.step);
    assert(second.step > first.step);
  }));
