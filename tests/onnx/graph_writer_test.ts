import assert from "node:assert/strict";
import {
  GraphWriter,
  makeTensor,
  makeValueInfo,
} from "../../lib/onnx/graph_writer.ts";

Deno.test("names are fresh in the whole model", () => {
  const writer = new GraphWriter();
  const body = new GraphWriter(writer);
  const names = [writer, body, writer].map((each) => each.freshName("add"));
  assert.equal(new Set(names).size, 3);
});

Deno.test("nodes have their inputs, outputs, attributes and domain", () => {
  const writer = new GraphWriter();
  const name = writer.emit("Gemm", ["a", "b"], { transA: { int: 1 } });
  writer.emit("Identity", [name], {}, { output: "y", domain: "d" });
  writer.emitAll("Split", ["y"], ["p", "q"], {
    axis: { int: 1 },
    alpha: { float: 0.5 },
    split: { ints: [1, 2] },
    reduction: { text: "add" },
  });
  const [gemm, identity, split] = writer.nodes;
  assert.deepEqual(gemm.input, ["a", "b"]);
  assert.deepEqual(gemm.attribute, [{ name: "transA", type: 2, i: 1 }]);
  assert.deepEqual([identity.output, identity.domain], [["y"], "d"]);
  assert.deepEqual(split.output, ["p", "q"]);
  assert.deepEqual(split.attribute, [
    { name: "axis", type: 2, i: 1 },
    { name: "alpha", type: 1, f: 0.5 },
    { name: "split", type: 7, ints: [1, 2] },
    { name: "reduction", type: 3, s: new TextEncoder().encode("add") },
  ]);
});

Deno.test("a renamed value is renamed in bodies, too", () => {
  const writer = new GraphWriter();
  const inner = new GraphWriter(new GraphWriter(writer));
  inner.emit("Neg", ["old"], {}, { output: "kept" });
  const middle = new GraphWriter(writer);
  middle.emit("Loop", ["old"], { body: { graph: inner.finish("i", [], []) } });
  writer.emit("Abs", ["x"], {}, { output: "old" });
  writer.emit("Loop", ["old"], { body: { graph: middle.finish("m", [], []) } });
  writer.rename(new Map([["old", "new"]]));
  const [abs, loop] = writer.nodes;
  assert.deepEqual([abs.output, loop.input], [["new"], ["new"]]);
  const innerLoop = loop.attribute[0].g?.node[0];
  assert.deepEqual(innerLoop?.input, ["new"]);
  const negation = innerLoop?.attribute[0].g?.node[0];
  assert.deepEqual([negation?.input, negation?.output], [["new"], ["kept"]]);
});

Deno.test("whole-number vectors are written once, in the outermost graph", () => {
  const writer = new GraphWriter();
  const body = new GraphWriter(writer);
  const name = body.integers([2, -1]);
  assert.equal(writer.integers([2, -1]), name);
  assert.notEqual(writer.integers([2]), name);
  assert.deepEqual([writer.initializers.length, body.initializers.length], [
    2,
    0,
  ]);
  const [{ rawData, dims }] = writer.initializers;
  assert.deepEqual(dims, [2]);
  const expected = BigInt64Array.of(2n, -1n);
  assert.deepEqual(rawData, new Uint8Array(expected.buffer));
});

Deno.test("a tensor's bytes are those of its part of a buffer", () => {
  const part = Float32Array.of(1, 2, 3).subarray(1, 2);
  const { rawData, dataType, dims } = makeTensor("float32", part, [1]);
  assert.deepEqual([...rawData], [0, 0, 0, 64]);
  assert.deepEqual([dataType, dims], [1, [1]]);
});

Deno.test("value infos tell known sizes from names", () => {
  const { tensorType } = makeValueInfo("x", "bool", ["rows", 3]).type;
  assert.equal(tensorType.elemType, 9);
  const dims = [{ dimParam: "rows" }, { dimValue: 3 }];
  assert.deepEqual(tensorType.shape.dim, dims);
});
