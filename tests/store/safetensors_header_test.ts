import assert from "node:assert/strict";
import { join } from "node:path";
import { UserError } from "../../lib/errors.ts";
import {
  readSafetensors,
  readSafetensorsHeader,
} from "../../lib/store/safetensors.ts";
import {
  headerLength,
  parseHeader,
} from "../../lib/store/safetensors_header.ts";
import { inTemporaryFolder } from "../util/temporary_folder.ts";
import { handMade } from "./hand_made_safetensors.ts";

function tensor(offsets: unknown, shape: unknown = [1], dtype = "F32"): string {
  return JSON.stringify({ dtype, shape, data_offsets: offsets });
}

const DAMAGED: readonly (readonly [string, Uint8Array, RegExp])[] = [
  ["empty file", new Uint8Array(0), /0 bytes in all/],
  ["cut in the length", new Uint8Array(7), /7 bytes in all/],
  [
    "absurd header length",
    handMade("{}", new Uint8Array(0), 2 ** 50),
    /header of/,
  ],
  [
    "header longer than the file",
    handMade("{}", new Uint8Array(0), 3),
    /header of 3/,
  ],
  ["no JSON", handMade("{nonsense}", new Uint8Array(0)), /no JSON object/],
  ["no object", handMade("[1]", new Uint8Array(0)), /no JSON object/],
  [
    "entry of another kind",
    handMade('{"a":3}', new Uint8Array(0)),
    /tensor "a"/,
  ],
  [
    "unknown type",
    handMade(`{"a":${tensor([0, 2], [1], "F16")}}`, new Uint8Array(2)),
    /F16/,
  ],
  [
    "negative size",
    handMade(`{"a":${tensor([0, 4], [-1])}}`, new Uint8Array(4)),
    /tensor "a"/,
  ],
  [
    "offsets against shape",
    handMade(`{"a":${tensor([0, 8])}}`, new Uint8Array(8)),
    /8 of 4 bytes/,
  ],
  [
    "reversed offsets",
    handMade(`{"a":${tensor([4, 0])}}`, new Uint8Array(4)),
    /tensor "a"/,
  ],
  [
    "overlap",
    handMade(
      `{"a":${tensor([0, 4])},"b":${tensor([0, 4])}}`,
      new Uint8Array(4),
    ),
    /"b", which overlaps/,
  ],
  [
    "gap",
    handMade(`{"a":${tensor([4, 8])}}`, new Uint8Array(8)),
    /follows a gap/,
  ],
  [
    "truncated data",
    handMade(`{"a":${tensor([0, 4])}}`, new Uint8Array(3)),
    /instead of/,
  ],
  [
    "bytes left over",
    handMade(`{"a":${tensor([0, 4])}}`, new Uint8Array(5)),
    /instead of/,
  ],
  [
    "metadata of another kind",
    handMade('{"__metadata__":{"a":1}}', new Uint8Array(0)),
    /metadata/,
  ],
];

for (const [what, bytes, message] of DAMAGED) {
  Deno.test(`a damaged file is refused by name: ${what}`, () =>
    inTemporaryFolder(async (folder) => {
      const path = join(folder, "bad.safetensors");
      await Deno.writeFile(path, bytes);
      for (const read of [readSafetensors, readSafetensorsHeader]) {
        await assert.rejects(read(path), (error: unknown) => {
          assert(error instanceof UserError);
          assert(error.message.includes(path));
          assert.match(error.message, message);
          return true;
        });
      }
    }));
}

Deno.test("headerLength and parseHeader read what a file says", () => {
  const bytes = handMade(
    `{"__metadata__":{"k":"v"},"b":${tensor([4, 8])},"a":${tensor([0, 4])}}`,
    new Uint8Array(8),
  );
  const length = headerLength(bytes, bytes.length, "x");
  assert.equal(length, bytes.length - 16);
  const header = bytes.subarray(8, 8 + length);
  assert.deepEqual(parseHeader(header, bytes.length, "x"), {
    metadata: { k: "v" },
    tensors: [
      { name: "a", type: "F32", shape: [1], begin: 0, end: 4 },
      { name: "b", type: "F32", shape: [1], begin: 4, end: 8 },
    ],
    dataStart: 8 + length,
  });
});
