import assert from "node:assert/strict";
import { refusalError } from "../../../lib/env/unity/refusal_error.ts";
import { converse, rejects } from "./conversation.ts";

Deno.test("a message that is too big is named, on either side", async () => {
  await converse(async (player) => {
    await player.ready();
    const tooBig = new Uint8Array(64 * 1024 * 1024 + 1);
    await assert.rejects(player.sendBytes(tooBig));
  }, (environment) => rejects(environment.reset(), /too big .*64 MiB at most/));
});

Deno.test("what cannot be read is not taken for something big", () => {
  assert.match(refusalError("unreadable").message, /compressed or incomplete/);
});
