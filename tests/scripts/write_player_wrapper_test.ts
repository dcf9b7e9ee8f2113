import assert from "node:assert/strict";
import { join } from "node:path";

/** Writes a wrapper with these switches; says whether there is one. */
async function write(switches: string[]) {
  const folder = await Deno.makeTempDir();
  try {
    const path = join(folder, "player.x86_64");
    const script = "scripts/write_player_wrapper.ts";
    const { code, stderr } = await new Deno.Command(Deno.execPath(), {
      args: ["run", "-A", script, path, "scene:Hybrid", ...switches],
      stdout: "null",
      stderr: "piped",
    }).output();
    const names = [...Deno.readDirSync(folder)].map(({ name }) => name);
    return { code, names, message: new TextDecoder().decode(stderr) };
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("switches that would stop every player make no file", async () => {
  const uncounted = ["--trouble", "crash:3@1,start=2"];
  const refused = await write(uncounted);
  assert.equal(refused.code, 1);
  assert.deepEqual(refused.names, []);
  assert.match(refused.message, /start=2: needs a record/);

  const written = await write([...uncounted, "--record", "starts.jsonl"]);
  assert.equal(written.code, 0);
  assert.deepEqual(written.names, ["player.x86_64"]);
});
