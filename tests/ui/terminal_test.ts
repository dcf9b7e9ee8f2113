import assert from "node:assert/strict";
import { standardOutput } from "../../lib/ui/terminal.ts";

/** Runs a program that writes through `standardOutput` into a pipe. */
function spawn(lines: number): Deno.ChildProcess {
  const module = new URL("../../lib/ui/terminal.ts", import.meta.url);
  const program = `
    import { standardOutput } from "${module}";
    const terminal = standardOutput();
    console.error(terminal.isInteractive, terminal.columns());
    for (let i = 0; i < ${lines}; i++) terminal.write("line " + i + "\\n");
    console.error("done");
  `;
  return new Deno.Command(Deno.execPath(), {
    args: ["eval", program],
    stdout: "piped",
    stderr: "piped",
  }).spawn();
}

Deno.test("a pipe gets every line and is no terminal", async () => {
  const { stdout, stderr } = await spawn(5000).output();
  const lines = new TextDecoder().decode(stdout).split("\n");
  assert.equal(lines.length, 5001);
  assert.equal(lines[4999], "line 4999");
  assert.match(new TextDecoder().decode(stderr), /false 80\ndone/);
});

Deno.test("a reader who goes away does not end the program", async () => {
  const child = spawn(200_000);
  await child.stdout.cancel();
  const [stderr, status] = await Promise.all([
    new Response(child.stderr).text(),
    child.status,
  ]);
  assert(status.success, stderr);
  assert.match(stderr, /done/);
});

Deno.test({
  name: "it needs no permission",
  permissions: "none",
  fn: () => {
    assert.ok(standardOutput().columns() > 0);
  },
});
