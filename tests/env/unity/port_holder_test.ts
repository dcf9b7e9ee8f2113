import assert from "node:assert/strict";
import { portHolder } from "../../../lib/env/unity/port_holder.ts";
import { freePort } from "./fake_player.ts";

const isLinux = Deno.build.os === "linux";

Deno.test("a listener is named with command line and process", () => {
  for (const hostname of ["127.0.0.1", "0.0.0.0", "::1"]) {
    let listener: Deno.TcpListener;
    try {
      listener = Deno.listen({ hostname, port: 0 });
    } catch {
      console.log(`skipped: no ${hostname} on this machine`);
      continue;
    }
    const holder = portHolder(listener.addr.port);
    listener.close();
    if (!isLinux) assert.equal(holder, null);
    else {
      const expected = new RegExp(`deno.* \\(process ${Deno.pid}\\)$`);
      assert.match(holder ?? "", expected);
    }
  }
});

Deno.test("a connection from a port does not hold it", async () => {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr;
  const client = await Deno.connect({ hostname: "127.0.0.1", port });
  const server = await listener.accept();
  listener.close();
  assert.equal(portHolder(port), null);
  client.close();
  server.close();
});

Deno.test("nobody holds a free port", () => {
  assert.equal(portHolder(freePort()), null);
});

Deno.test("without all access nothing is found, and nobody asked", async () => {
  const module = new URL(
    "../../../lib/env/unity/port_holder.ts",
    import.meta.url,
  );
  for (const flags of [[], ["--allow-read"]]) {
    const { stdout, stderr } = await new Deno.Command(Deno.execPath(), {
      args: [
        ...["run", "--quiet", "--no-check", "--allow-net", ...flags],
        "data:application/typescript," + encodeURIComponent(`
          import { portHolder } from ${JSON.stringify(module.href)};
          const listener = Deno.listen({ port: 0 });
          console.log(portHolder(listener.addr.port));
          listener.close();`),
      ],
    }).output();
    const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
    assert.equal(text(stdout), "null\n", text(stderr));
  }
});
