import assert from "node:assert/strict";
import { listenError } from "../../../lib/env/unity/listen_error.ts";
import { UserError } from "../../../lib/errors.ts";
import { freePort } from "./fake_player.ts";

function failure(code: string): Error {
  return Object.assign(new Error(code), { code });
}

function message(error: unknown): string {
  assert(error instanceof UserError);
  return error.message;
}

Deno.test("who holds a port is named where that is known", () => {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr;
  const error = message(listenError(port, false, failure("EADDRINUSE")));
  listener.close();
  assert.match(error, new RegExp(`^Port ${port} is in use`));
  assert.match(error, /choose other ports with --base-port/);
  if (Deno.build.os === "linux") {
    assert.match(error, new RegExp(`found .*\\(process ${Deno.pid}\\)\\)`));
  }
});

Deno.test("a holder that cannot be found out is left out", () => {
  const port = freePort();
  assert.equal(
    message(listenError(port, false, failure("EADDRINUSE"))),
    `Port ${port} is in use\n  End the program that listens there, perhaps ` +
      "another run, or choose other ports with --base-port.",
  );
});

Deno.test("the Editor's port cannot be changed by --base-port", () => {
  for (const code of ["EADDRINUSE", "EACCES"]) {
    const error = message(listenError(5004, true, failure(code)));
    assert.match(error, /Unity Editor connects to this port only/);
    assert(!error.includes("--base-port"));
  }
});

Deno.test("ports that are the system's are said to be so", () => {
  assert.match(
    message(listenError(80, false, failure("EACCES"))),
    /may not listen on port 80[^]*--base-port/,
  );
});

Deno.test("other errors stay as they are", () => {
  const error = failure("EMFILE");
  assert.equal(listenError(5005, false, error), error);
  assert.equal(listenError(5005, false, "text"), "text");
});
