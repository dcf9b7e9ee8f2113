import assert from "node:assert/strict";
import { GraphReader } from "../../../lib/onnx/graph_reader.ts";
import { GraphWriter, makeValueInfo } from "../../../lib/onnx/graph_writer.ts";
import {
  PatternReader,
  sideBySide,
  transposed,
  Unrecognized,
} from "../../../lib/onnx/recognize/pattern_reader.ts";

const values = (...numbers: number[]) => Float32Array.from(numbers);

/** A graph with inputs x and z, weights w `[2, 3]`, wt `[3, 2]` and b `[3]`. */
function readerOf(write: (writer: GraphWriter) => void): PatternReader {
  const writer = new GraphWriter();
  writer.addInitializer("float32", values(1, 2, 3, 4, 5, 6), [2, 3], "w");
  writer.addInitializer("float32", values(1, 4, 2, 5, 3, 6), [3, 2], "wt");
  writer.addInitializer("float32", values(7, 8, 9), [3], "b");
  writer.addInitializer("float32", values(-3), [], "least");
  writer.addInitializer("float32", values(3), [], "most");
  write(writer);
  const inputs = ["x", "z"].map((name) => makeValueInfo(name, "float32", [2]));
  return new PatternReader(
    new GraphReader(writer.finish("g", inputs, [])),
  );
}

Deno.test("a dense layer is found in every spelling", () => {
  const reader = readerOf((writer) => {
    const spell = (output: string, opType: string, ...input: string[]) =>
      writer.emit(opType, input, {}, { output });
    spell("plain", "Gemm", "x", "w", "b");
    writer.emit("Gemm", ["x", "wt", "b"], {
      alpha: { float: 1 },
      transB: { int: 1 },
    }, { output: "turned" });
    spell("product", "MatMul", "x", "w");
    spell("behind", "Add", "product", "b");
    spell("before", "Add", "b", "product");
  });
  for (const name of ["plain", "turned", "behind", "before"]) {
    assert.deepEqual(reader.linear(name), {
      input: "x",
      weight: { data: values(1, 2, 3, 4, 5, 6), dims: [2, 3] },
      bias: values(7, 8, 9),
    }, name);
  }
  assert.equal(reader.linear("product")?.bias, null);
  assert.throws(() => reader.requireLinear("product"), Unrecognized);
});

Deno.test("what is computed, scaled or turned is no dense layer", () => {
  const reader = readerOf((writer) => {
    writer.emit("MatMul", ["x", "z"], {}, { output: "computed" });
    writer.emit("Gemm", ["x", "w", "b"], { alpha: { float: 2 } }, {
      output: "scaled",
    });
    writer.emit("Gemm", ["x", "w", "b"], { transA: { int: 1 } }, {
      output: "turned",
    });
    writer.emit("Gemm", ["x", "w"], {}, { output: "bare" });
    writer.emit("Neg", ["x"], {}, { output: "other" });
  });
  for (const name of ["computed", "scaled", "turned", "bare", "other", "x"]) {
    assert.equal(reader.linear(name), null, name);
  }
});

Deno.test("swish is x times its own sigmoid", () => {
  const reader = readerOf((writer) => {
    writer.emit("Neg", ["x"], {}, { output: "n" });
    writer.emit("Sigmoid", ["n"], {}, { output: "s" });
    writer.emit("Mul", ["s", "n"], {}, { output: "swish" });
    writer.emit("Mul", ["s", "x"], {}, { output: "gate" });
  });
  assert.equal(reader.swishInput("swish"), "n");
  assert.equal(reader.swishInput("gate"), null);
  assert.equal(reader.swishInput("n"), null);
});

Deno.test("limits are read from attributes and from inputs", () => {
  const reader = readerOf((writer) => {
    writer.emit("Clip", ["x"], { min: { float: -3 }, max: { float: 3 } }, {
      output: "old",
    });
    writer.emit("Clip", ["x", "least", "most"], {}, { output: "new" });
  });
  for (const name of ["old", "new"]) {
    assert.equal(reader.clipped(name, -3, 3), "x");
    assert.throws(() => reader.clipped(name, -5, 5), /Clip to -3\.\.3 where/);
  }
});

Deno.test("pieces are those of nested concatenations, in order", () => {
  const reader = readerOf((writer) => {
    writer.emit("Concat", ["x", "z"], {}, { output: "inner" });
    writer.emit("Concat", ["z", "inner"], {}, { output: "outer" });
  });
  assert.deepEqual(reader.pieces("outer"), ["z", "x", "z"]);
  assert.deepEqual(reader.pieces("x"), ["x"]);
});

Deno.test("sources are the graph's inputs that a value needs", () => {
  const reader = readerOf((writer) => {
    writer.emit("Add", ["x", "b"], {}, { output: "one" });
    writer.emit("Mul", ["one", "z"], {}, { output: "both" });
  });
  assert.deepEqual([...reader.sources("one")], ["x"]);
  assert.deepEqual([...reader.sources("both")].sort(), ["x", "z"]);
  assert.deepEqual([...reader.sources("z")], ["z"]);
});

Deno.test("a row of operators is followed, and a gap in it told", () => {
  const reader = readerOf((writer) => {
    writer.emit("Neg", ["x"], {}, { output: "a" });
    writer.emit("Abs", ["a"], {}, { output: "b2" });
  });
  assert.equal(reader.through("b2", "Abs", "Neg"), "x");
  assert.throws(
    () => reader.through("b2", "Abs", "Exp"),
    /Neg where Exp was expected/,
  );
  assert.throws(() => reader.expect("x", "Exp"), /nothing where Exp/);
});

Deno.test("matrices are turned, and joined side by side", () => {
  const matrix = { data: values(1, 2, 3, 4, 5, 6), dims: [2, 3] };
  assert.deepEqual(transposed(matrix), {
    data: values(1, 4, 2, 5, 3, 6),
    dims: [3, 2],
  });
  const column = { data: values(7, 8), dims: [2, 1] };
  assert.deepEqual(sideBySide([matrix, column]), {
    data: values(1, 2, 3, 7, 4, 5, 6, 8),
    dims: [2, 4],
  });
  assert.throws(() => sideBySide([matrix, transposed(matrix)]), Unrecognized);
});
