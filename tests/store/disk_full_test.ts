import assert from "node:assert/strict";
import { inTemporaryFolder } from "../util/temporary_folder.ts";

/** Runs a shell command where this user may mount a small disk; null if not. */
async function onSmallDisk(
  folder: string,
  command: string,
): Promise<Deno.CommandOutput | null> {
  const mount = `mount -t tmpfs -o size=300k none "${folder}"`;
  const run = (script: string) =>
    new Deno.Command("unshare", {
      args: ["--user", "--map-root-user", "--mount", "sh", "-c", script],
    }).output();
  try {
    if (!(await run(mount)).success) return null;
    return await run(`${mount} && ${command}`);
  } catch {
    return null; // No such program on this system.
  }
}

Deno.test("a full disk costs no saved checkpoint, and the run can go on", () =>
  inTemporaryFolder(async (folder) => {
    const program = new URL("./disk_full_program.ts", import.meta.url).pathname;
    const output = await onSmallDisk(
      folder,
      `"${Deno.execPath()}" run -A --no-check "${program}" "${folder}"`,
    );
    if (output === null) {
      console.log("skipped: cannot mount a small disk here");
      return;
    }
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
