import assert from "node:assert/strict";
import { encodeTfRecord } from "../../lib/store/tf_record.ts";

Deno.test("encodeTfRecord frames length and data with masked checksums", () => {
  const record = encodeTfRecord(new TextEncoder().encode("123456789"));
  assert.equal(record.length, 8 + 4 + 9 + 4);
  assert.deepEqual([...record.slice(0, 8)], [9, 0, 0, 0, 0, 0, 0, 0]);
  assert.equal(new TextDecoder().decode(record.slice(12, 21)), "123456789");
  // The masked checksum of these nine digits, worked out in crc32c_test.ts.
  assert.deepEqual([...record.slice(21)], [0xe5, 0xb0, 0x8a, 0xc7]);
});
