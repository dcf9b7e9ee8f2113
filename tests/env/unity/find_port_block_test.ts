import assert from "node:assert/strict";
import { findPortBlock } from "../../../lib/env/unity/find_port_block.ts";
import { freePort } from "./fake_player.ts";

/** Begins of `count` ports in a row that are free at the moment. */
function freeBlock(count: number): number {
  for (let attempt = 0; attempt < 100; attempt++) {
    const first = freePort();
    if (first + count > 65_535) continue;
    const isMoved = findPortBlock(first, count, () => {}) !== first;
    if (!isMoved) return first;
  }
  assert.fail("no free ports");
}

Deno.test("a free block is the one that is asked for", () => {
  const first = freeBlock(4);
  assert.equal(findPortBlock(first, 4, assert.fail), first);
});

Deno.test("one taken port moves all players to the next free block", () => {
  const first = freeBlock(9);
  for (const hostname of ["127.0.0.1", "0.0.0.0"]) {
    const holders = [first + 2, first + 3]
      .map((port) => Deno.listen({ hostname, port }));
    const notices: string[] = [];
    const found = findPortBlock(first, 3, (notice) => notices.push(notice));
    for (const holder of holders) holder.close();
    assert.equal(found, first + 6);
    assert.equal(notices.length, 1);
    assert.match(
      notices[0],
      new RegExp(
        `^Port ${first + 2} is in use.*: players connect to ports ` +
          `${first + 6} to ${first + 8} instead of ports ${first} to ` +
          `${first + 2}\\.$`,
      ),
    );
  }
});

Deno.test("a port that is taken for IPv6 only is taken", () => {
  const first = freeBlock(2);
  let holder: Deno.TcpListener;
  try {
    holder = Deno.listen({ hostname: "::1", port: first });
  } catch {
    return console.log("skipped: no IPv6 on this machine");
  }
  const notices: string[] = [];
  const found = findPortBlock(first, 1, (notice) => notices.push(notice));
  holder.close();
  assert.equal(found, first + 1);
  const end = `connect to port ${first + 1} instead of port ${first}.`;
  assert(notices[0].endsWith(end), notices[0]);
});

Deno.test("without another block the taken port is named", () => {
  const holder = listenHigh();
  assert.throws(() => findPortBlock(holder.addr.port, 600, assert.fail), {
    name: "UserError",
    message: new RegExp(
      `cannot have ports ${holder.addr.port} to .*nor others.*` +
        `Port ${holder.addr.port} is in use[^]*--base-port`,
    ),
  });
  holder.close();
  assert.throws(() => findPortBlock(65_530, 7, assert.fail), /0 such blocks/);
});

/** A listener near the end of all ports. */
function listenHigh(): Deno.TcpListener {
  for (let port = 64_500; port < 64_900; port++) {
    try {
      return Deno.listen({ hostname: "127.0.0.1", port });
    } catch (error) {
      assert(error instanceof Deno.errors.AddrInUse);
    }
  }
  assert.fail("no free port");
}

Deno.test("other ports than the permitted ones are not touched", async () => {
  const first = freeBlock(4);
  const holder = Deno.listen({ hostname: "127.0.0.1", port: first });
  const module = new URL(
    "../../../lib/env/unity/find_port_block.ts",
    import.meta.url,
  );
  const hosts = [first, first + 1]
    .flatMap((port) => [`127.0.0.1:${port}`, `[::1]:${port}`]);
  const { stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [
      ...["run", "--quiet", "--no-check", `--allow-net=${hosts}`],
      "data:application/typescript," + encodeURIComponent(`
        import { findPortBlock } from ${JSON.stringify(module.href)};
        try {
          findPortBlock(${first}, 2, console.log);
        } catch (error) {
          console.log(error.name, error.message);
        }`),
    ],
  }).output();
  holder.close();
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  assert.match(
    text(stdout),
    new RegExp(
      `^UserError .*ports ${first} to ${first + 1}, nor others ` +
        `\\(found Port ${first} is in use\\)[^]*--allow-net`,
    ),
    text(stderr),
  );
});
