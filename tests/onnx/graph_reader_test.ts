import assert from "node:assert/strict";
import { GraphReader } from "../../lib/onnx/graph_reader.ts";
import {
  GraphWriter,
  makeTensor,
  makeValueInfo,
} from "../../lib/onnx/graph_writer.ts";

const vector = (name: string) => makeValueInfo(name, "float32", [2]);

/** y = -x + (1, 2), z = |x|, with a copy of each. */
function example(): GraphReader {
  const writer = new GraphWriter();
  writer.addInitializer("float32", Float32Array.of(1, 2), [2], "stored");
  const tensor = makeTensor("int64", BigInt64Array.of(-1n, 5n), [2]);
  writer.emit("Constant", [], { value: { tensor } }, { output: "written" });
  writer.emit("Identity", ["stored"], {}, { output: "copy" });
  writer.emit("Neg", ["x"], {}, { output: "negative" });
  writer.emit("Abs", ["x"], {}, { output: "z" });
  writer.emit("Add", ["negative", "copy"], {}, { output: "sum" });
  writer.emit("Identity", ["sum"], {}, { output: "y" });
  return new GraphReader(
    writer.finish("g", [vector("x"), vector("stored")], [
      vector("y"),
      vector("z"),
    ]),
  );
}

Deno.test("constants are no inputs, wherever they stand", () => {
  const graph = example();
  assert.deepEqual(graph.inputs.map(({ name }) => name), ["x"]);
  for (const name of ["stored", "copy"]) {
    assert.deepEqual([...graph.constant(name)?.data ?? []], [1, 2]);
  }
  assert.deepEqual([...graph.constant("written")?.data ?? []], [-1, 5]);
  assert.equal(graph.constant("x"), undefined);
  assert.equal(graph.constant("sum"), undefined);
});

Deno.test("copies are looked through to what computes a value", () => {
  const graph = example();
  assert.equal(graph.producer("y")?.opType, "Add");
  assert.equal(graph.producer("z")?.opType, "Abs");
  assert.equal(graph.producer("x"), undefined);
});

Deno.test("ancestors are all that a value needs, and no more, in order", () => {
  const operators = example().ancestors(["y"]).map(({ opType }) => opType);
  assert.deepEqual(operators, ["Identity", "Neg", "Add", "Identity"]);
});

Deno.test("what a graph inside of an operator reads is needed, too", () => {
  const writer = new GraphWriter();
  writer.emit("Neg", ["x"], {}, { output: "outer" });
  const body = new GraphWriter(writer);
  body.emit("Abs", ["outer"], {}, { output: "inner" });
  const graph = body.finish("body", [], [vector("inner")]);
  writer.emit("If", ["x"], { then_branch: { graph } }, { output: "y" });
  const reader = new GraphReader(
    writer.finish("g", [vector("x")], [vector("y")]),
  );
  const operators = reader.ancestors(["y"]).map(({ opType }) => opType);
  assert.deepEqual(operators, ["Neg", "If"]);
});
