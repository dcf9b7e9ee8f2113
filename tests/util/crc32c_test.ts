import assert from "node:assert/strict";
import { crc32c, maskedCrc32c } from "../../lib/util/crc32c.ts";

Deno.test("crc32c gives the published test values of RFC 3720", () => {
  assert.equal(crc32c(new TextEncoder().encode("123456789")), 0xe3069283);
  assert.equal(crc32c(new Uint8Array(32)), 0x8a9136aa);
  assert.equal(crc32c(new Uint8Array(32).fill(0xff)), 0x62a8ab43);
  assert.equal(
    crc32c(Uint8Array.from({ length: 32 }, (_, i) => i)),
    0x46dd794e,
  );
  assert.equal(crc32c(new Uint8Array(0)), 0);
});

Deno.test("maskedCrc32c rotates by 15 bits and adds the constant", () => {
  // 0xe3069283 rotated right by 15 = 0x2507c60d; + 0xa282ead8 = 0xc78ab0e5.
  assert.equal(
    maskedCrc32c(new TextEncoder().encode("123456789")),
    0xc78ab0e5,
  );
  assert.equal(maskedCrc32c(new Uint8Array(0)), 0xa282ead8);
});
