import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";

Deno.test("help needs no permission: no file, no network, nothing native", async () => {
  const command = new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "--no-prompt",
      fileURLToPath(new URL("../cli.ts", import.meta.url)),
      "--help",
    ],
  });
  const { code, stdout, stderr } = await command.output();
  assert.equal(code, 0, new TextDecoder().decode(stderr));
  assert.match(new TextDecoder().decode(stdout), /^Usage: cli\.ts/);
});
