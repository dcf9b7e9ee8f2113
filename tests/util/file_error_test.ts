import assert from "node:assert/strict";
import { UserError } from "../../lib/errors.ts";
import { errorCode, fileError } from "../../lib/util/file_error.ts";

Deno.test("fileError names the file, the cause, the cure and what is safe", () => {
  const full = Object.assign(new Error("No space left"), { code: "ENOSPC" });
  const error = fileError("cannot write a/b", full, "The rest is safe.");
  assert(error instanceof UserError);
  assert.equal(
    error.message,
    "cannot write a/b (found no space left on the disk)\n" +
      "  Free some space. The rest is safe.",
  );
  assert.equal(error.cause, full);
});

Deno.test("fileError quotes causes that it does not know", () => {
  const odd = Object.assign(new Error("disk on fire"), { code: "EFIRE" });
  const error = fileError("cannot write a/b", odd);
  assert(error instanceof UserError);
  assert.match(error.message, /found disk on fire/);
});

Deno.test("fileError leaves other errors alone", () => {
  const mistake = new TypeError("not a function");
  assert.equal(fileError("cannot write a/b", mistake), mistake);
  assert.equal(errorCode(mistake), undefined);
  assert.equal(errorCode("text"), undefined);
});

Deno.test("errorCode reads the codes of real file operations", async () => {
  const error = await Deno.stat("/no/such/file").catch((cause) => cause);
  assert.equal(errorCode(error), "ENOENT");
});
