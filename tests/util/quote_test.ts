import assert from "node:assert/strict";
import { plainText, quote } from "../../lib/util/quote.ts";

Deno.test("quoted texts hold no control characters", () => {
  assert.equal(quote('a "b"'), '"a \\"b\\""');
  assert.equal(quote("a\n\x1b[2J\x7f\x9b"), '"a\\n\\u001b[2J\\u007f\\u009b"');
  assert.equal(quote("Köln 🎈"), '"Köln 🎈"');
});

Deno.test("plain texts have blanks in place of control characters", () => {
  assert.equal(plainText("a\tb\x1b\x9bc"), "a b  c");
});

Deno.test("long texts are cut to a length", () => {
  assert.equal(quote("x".repeat(9), 9), `"${"x".repeat(9)}"`);
  assert.equal(quote("x".repeat(10), 9), `"${"x".repeat(8)}…"`);
  assert.equal(plainText("x".repeat(10), 3), "xx…");
});
