import assert from "node:assert/strict";
import { join } from "node:path";
import { UserError } from "../../lib/errors.ts";
import {
  encodeSafetensors,
  readSafetensors,
  readSafetensorsHeader,
  type SafetensorsContent,
} from "../../lib/store/safetensors.ts";
import { RandomGenerator } from "../../lib/util/random.ts";
import { inTemporaryFolder } from "../util/temporary_folder.ts";
import { handMade } from "./hand_made_safetensors.ts";
import { runPython } from "./python.ts";

function encode(content: SafetensorsContent): Uint8Array<ArrayBuffer> {
  const pieces = encodeSafetensors(content);
  const total = pieces.reduce((sum, piece) => sum + piece.length, 0);
  const bytes = new Uint8Array(total);
  let at = 0;
  for (const piece of pieces) {
    bytes.set(piece, at);
    at += piece.length;
  }
  return bytes;
}

async function readBack(bytes: Uint8Array): Promise<SafetensorsContent> {
  const path = await Deno.makeTempFile();
  try {
    await Deno.writeFile(path, bytes);
    const content = await readSafetensors(path);
    const header = await readSafetensorsHeader(path);
    assert.deepEqual(header.metadata, content.metadata);
    return content;
  } finally {
    await Deno.remove(path);
  }
}

const EVERY_TYPE: SafetensorsContent = {
  arrays: {
    bytes: { data: new Uint8Array([7, 8, 9]), shape: [3] },
    weights: { data: new Float32Array([1.5, -0, NaN, 1e-40]), shape: [2, 2] },
    step: { data: new BigInt64Array([-(2n ** 60n)]), shape: [] },
    doubles: { data: new Float64Array([Math.PI]), shape: [1, 1] },
    random: { data: new Uint32Array([0, 0xffffffff]), shape: [2] },
    index: { data: new Int32Array([-1]), shape: [1] },
    empty: { data: new Float32Array(0), shape: [0, 4] },
    "10": { data: new Uint8Array([1]), shape: [] },
    '9 "ü"': { data: new Uint8Array([2]), shape: [] },
  },
  metadata: { step: "12000", reward: "null", 'name "ü"': "\n" },
};

Deno.test("a tiny file has the bytes worked out by hand", () => {
  const bytes = encode({
    arrays: { a: { data: new Float32Array([1]), shape: [1] } },
    metadata: {},
  });
  const json = '{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}';
  assert.equal(json.length, 54); // Two spaces reach a multiple of 8.
  assert.deepEqual([...bytes], [
    ...[56, 0, 0, 0, 0, 0, 0, 0],
    ...new TextEncoder().encode(json + "  "),
    ...[0, 0, 0x80, 0x3f],
  ]);
});

Deno.test("every element type, shape and name comes back as it was", async () => {
  const content = await readBack(encode(EVERY_TYPE));
  assert.deepEqual(
    Object.keys(content.arrays).sort(),
    Object.keys(EVERY_TYPE.arrays).sort(),
  );
  for (const [name, array] of Object.entries(EVERY_TYPE.arrays)) {
    assert.deepEqual(content.arrays[name], array, name);
  }
  assert.deepEqual(content.metadata, EVERY_TYPE.metadata);
});

Deno.test("arrays that are part of a larger buffer are stored alone", async () => {
  const buffer = new Float32Array([1, 2, 3, 4]);
  const content = await readBack(encode({
    arrays: { middle: { data: buffer.subarray(1, 3), shape: [2] } },
    metadata: {},
  }));
  assert.deepEqual([...content.arrays.middle.data], [2, 3]);
});

Deno.test("equal content gives equal bytes whatever the order of the keys", () => {
  const backwards = {
    arrays: Object.fromEntries(Object.entries(EVERY_TYPE.arrays).reverse()),
    metadata: Object.fromEntries(Object.entries(EVERY_TYPE.metadata).reverse()),
  };
  assert.deepEqual(encode(backwards), encode(EVERY_TYPE));
});

Deno.test("header keys are sorted and data is aligned to its elements", async () => {
  await inTemporaryFolder(async (folder) => {
    const path = join(folder, "a.safetensors");
    await Deno.writeFile(path, encode(EVERY_TYPE));
    const { tensors, dataStart } = await readSafetensorsHeader(path);
    assert.equal(dataStart % 8, 0);
    const sizes = { F32: 4, F64: 8, I32: 4, U32: 4, I64: 8, U8: 1 };
    for (const { name, type, begin } of tensors) {
      assert.equal(begin % sizes[type], 0, name);
    }
    const text = await Deno.readTextFile(path);
    const found = [...text.matchAll(/"([^"{}]+)":\{"dtype"/g)].map((m) => m[1]);
    assert.deepEqual(found, found.toSorted());
    assert(found.length >= 7);
  });
});

Deno.test("unaligned files of other writers are read too", async () => {
  const json = '{"a":{"dtype":"F64","shape":[1],"data_offsets":[0,8]}}';
  const bytes = handMade(json, new Uint8Array(new Float64Array([2.5]).buffer));
  assert.notEqual((8 + json.length) % 8, 0);
  assert.equal((await readBack(bytes)).arrays.a.data[0], 2.5);
});

Deno.test("no cut or changed byte of the header makes the reader fail oddly", async () => {
  const whole = encode(EVERY_TYPE);
  const random = new RandomGenerator(1, "damage");
  for (let i = 0; i < 300; i++) {
    const bytes = i % 2 === 0
      ? whole.slice(0, random.integer(whole.length))
      : whole.slice();
    if (i % 2 === 1) bytes[random.integer(600)] = random.integer(256);
    const result = await readBack(bytes).catch((error) => error);
    assert(result instanceof UserError || "arrays" in result);
    if (i % 2 === 0) assert(result instanceof UserError);
  }
});

Deno.test("a missing file is named", async () => {
  await assert.rejects(readSafetensors("/no/such/file"), /\/no\/such\/file/);
  await assert.rejects(readSafetensorsHeader("/no/such/file"), UserError);
});

Deno.test("an array that does not fit its shape is refused", () => {
  const data = new Float32Array(3);
  assert.throws(
    () => encode({ arrays: { a: { data, shape: [2] } }, metadata: {} }),
    RangeError,
  );
  assert.throws(
    () =>
      encode({ arrays: { __metadata__: { data, shape: [3] } }, metadata: {} }),
    RangeError,
  );
});

Deno.test("the safetensors package for Python reads our file", () =>
  inTemporaryFolder(async (folder) => {
    const path = join(folder, "ours.safetensors");
    await Deno.writeFile(path, encode(EVERY_TYPE));
    const output = await runPython(
      ["safetensors", "numpy"],
      `
import sys, json
from safetensors import safe_open
with safe_open(sys.argv[1], framework="numpy") as file:
    tensors = {name: file.get_tensor(name) for name in file.keys()}
    print(json.dumps({
        "metadata": file.metadata(),
        "shapes": {name: list(t.shape) for name, t in tensors.items()},
        "types": {name: str(t.dtype) for name, t in tensors.items()},
        "weights": [str(v) for v in tensors["weights"].flatten()],
        "step": str(tensors["step"]),
    }))
`,
      [path],
    );
    if (output === null) return;
    const seen = JSON.parse(output);
    assert.deepEqual(seen.metadata, EVERY_TYPE.metadata);
    for (const [name, { shape }] of Object.entries(EVERY_TYPE.arrays)) {
      assert.deepEqual(seen.shapes[name], shape, name);
    }
    assert.equal(seen.types.doubles, "float64");
    assert.equal(seen.types.random, "uint32");
    assert.deepEqual(seen.weights.slice(0, 3), ["1.5", "-0.0", "nan"]);
    assert.equal(seen.step, String(-(2n ** 60n)));
  }));
