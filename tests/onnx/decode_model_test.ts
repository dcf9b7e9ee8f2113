import assert from "node:assert/strict";
import { UserError } from "../../lib/errors.ts";
import { decodeModel } from "../../lib/onnx/decode_model.ts";
import { GraphReader } from "../../lib/onnx/graph_reader.ts";
import { encodeModel, OnnxType } from "../../lib/onnx/onnx_schema.ts";
import { RandomGenerator } from "../../lib/util/random.ts";
import { changedGraph, smallModel } from "../support/made_models.ts";

Deno.test("what is written reads back, and is written the same again", () => {
  const model = smallModel();
  const bytes = encodeModel(model);
  assert.deepEqual(decodeModel(bytes, "m"), model);
  assert.deepEqual(encodeModel(decodeModel(bytes, "m")), bytes);
  assert.equal(model.producerName, "deno-agents");
  assert.deepEqual(model.opsetImport, [{ domain: "", version: 9 }]);
});

/** The message of a refusal. */
function refusal(bytes: Uint8Array): string {
  try {
    decodeModel(bytes, "a/b.onnx");
  } catch (error) {
    assert(error instanceof UserError, String(error));
    return error.message;
  }
  return "";
}

Deno.test("a file that was cut anywhere is refused by name", () => {
  const bytes = encodeModel(smallModel());
  for (let length = 0; length < bytes.length; length += 7) {
    const message = refusal(bytes.subarray(0, length));
    assert.match(message, /^a\/b\.onnx: this is not a whole ONNX model/);
  }
});

Deno.test("bytes of anything else are refused, whatever they are", () => {
  const random = new RandomGenerator(1);
  for (let i = 0; i < 300; i++) {
    const size = random.integer(60);
    const bytes = Uint8Array.from({ length: size }, () => random.integer(256));
    assert.match(refusal(bytes), /not a whole ONNX model/);
  }
  const text = new TextEncoder().encode("behaviors:\n  3DBall:\n");
  assert.match(refusal(text), /not a whole ONNX model/);
});

Deno.test("a whole file with one wrong byte never ends in another error", () => {
  const bytes = encodeModel(smallModel());
  const random = new RandomGenerator(2);
  for (let i = 0; i < 300; i++) {
    const damaged = bytes.slice();
    damaged[random.integer(bytes.length)] = random.integer(256);
    refusal(damaged);
  }
});

Deno.test("graphs that do not hang together are refused with the reason", () => {
  const unknown = changedGraph(({ node: [first, ...rest] }) => ({
    node: [{ ...first, input: ["nowhere"] }, ...rest],
  }));
  assert.match(refusal(unknown), /Identity reads "nowhere"/);
  const late = changedGraph(({ node: [first, ...rest] }) => ({
    node: [{ ...first, input: [rest[0].output[0]] }, ...rest],
  }));
  assert.match(refusal(late), /Identity reads "memory_size", which is not/);
  const twice = changedGraph(({ node: [first, ...rest] }) => ({
    node: [first, first, ...rest],
  }));
  assert.match(refusal(twice), /"version_number" is computed twice/);
  assert.match(
    refusal(changedGraph(() => ({ node: [] }))),
    /no operators|without/,
  );
});

Deno.test("tensors with too few values, or of other types, are refused", () => {
  const change = (part: Record<string, unknown>) =>
    changedGraph(({ initializer: [first, ...rest] }) => ({
      initializer: [{ ...first, ...part }, ...rest],
    }));
  assert.match(refusal(change({ dims: [2] })), /has 4 of 8 bytes/);
  assert.match(refusal(change({ dataType: 8 })), /values of type 8/);
  assert.match(refusal(change({ dataLocation: 1 })), /lie in another file/);
});

Deno.test("values in fields of their own are the same as raw bytes", () => {
  const cases: readonly [number, string, readonly number[]][] = [
    [OnnxType.float32, "floatData", [0.5, -2, 1e9]],
    [OnnxType.int32, "int32Data", [1, -2, 3]],
    [OnnxType.int64, "int64Data", [-1, 1, 2 ** 40]],
    [OnnxType.bool, "int32Data", [1, 0, 1]],
  ];
  for (const [dataType, field, values] of cases) {
    const bytes = changedGraph(({ initializer }) => ({
      initializer: [...initializer, {
        dims: [3],
        dataType,
        name: "mine",
        rawData: new Uint8Array(),
        [field]: values,
      }],
    }));
    const reader = new GraphReader(decodeModel(bytes, "m").graph);
    const { data = [], dims } = reader.constant("mine") ?? {};
    assert.deepEqual([[...data], dims], [[...values], [3]], field);
  }
});

Deno.test("the number for `to the end` survives reading and writing", () => {
  const end = 2n ** 63n - 1n;
  const bytes = changedGraph(({ node }) => ({
    node: [...node, {
      input: ["obs_0"],
      output: ["rest"],
      name: "",
      opType: "Slice",
      attribute: [{ name: "ends", type: 7, ints: [Number(end)] }],
    }],
  }));
  const again = decodeModel(encodeModel(decodeModel(bytes, "m")), "m");
  const [ends] = again.graph.node.at(-1)?.attribute ?? [];
  assert.deepEqual(ends.ints, [2 ** 63]);
});
