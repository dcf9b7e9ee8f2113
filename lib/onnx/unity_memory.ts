/**
 * The LSTM of a Unity model, operator by operator as Unity's own models have
 * it: readers of older packages know an LSTM by the operators around it.
 */
import { type LstmWeights, lstmWeights, type Recurrence } from "../nn/lstm.ts";
import { input } from "../tensor/build.ts";
import { evaluateConstant } from "../tensor/interpret.ts";
import { isOp, type Node, staticDim } from "../tensor/operation.ts";
import { makeValueInfo } from "./graph_writer.ts";
import type { LoweringContext } from "./lowering_rules.ts";
import type { OnnxValueInfo } from "./onnx_schema.ts";

/** Batch and time change places. */
const timeFirst = { perm: { ints: [1, 0, 2] } };

/** The layer of a policy with a memory of `size` values, as plain data. */
export interface MemoryLayer {
  readonly size: number;
  /** The memory before a decision, `[batch, 1, size]`. */
  readonly before: Node<"input">;
  /** What the layer reads, `[batch, inputs]`. */
  readonly code: Node;
  /** What the layer says, `[batch, size / 2]`, as the heads read it. */
  readonly output: Node<"input">;
  /** Made of constants. */
  readonly weights: LstmWeights;
}

/** Where a policy remembers: between its body and its heads. */
export class MemoryPlace {
  readonly #size: number;
  #layer: MemoryLayer | undefined;

  constructor(size: number) {
    this.#size = size;
  }

  /** Takes the layer's place in the policy. Weights are constants. */
  readonly remember: Recurrence = (scope, code) => {
    const size = this.#size;
    const inputs = staticDim(code.shape[1]);
    const output = input("/memory/output", ["batch", size / 2]);
    this.#layer = {
      size,
      before: input("recurrent_in", ["batch", 1, size]),
      code,
      output,
      weights: lstmWeights(scope, inputs, size / 2),
    };
    return output;
  };

  /** Known after `remember`. */
  get layer(): MemoryLayer {
    if (!this.#layer) throw new TypeError("the policy has no memory");
    return this.#layer;
  }
}

/**
 * Writes the layer, which reads `code`, and returns the declaration of the
 * memory after the decision.
 */
export function writeMemory(
  { size, before, output, weights }: MemoryLayer,
  { writer, nameOf }: LoweringContext,
  code: Node,
): OnnxValueInfo {
  const hidden = size / 2;
  const inputs = staticDim(code.shape[1]);
  const rows = writer.emit("Reshape", [
    nameOf(code),
    writer.integers([-1, 1, inputs]),
  ]);
  const steps = writer.emit("Transpose", [rows], timeFirst);
  const memory = writer.emit("Transpose", [nameOf(before)], timeFirst);
  const half = (start: number, end: number) =>
    writer.emit("Slice", [memory], {
      axes: { ints: [2] },
      starts: { ints: [start] },
      ends: { ints: [end] },
    });
  const bias = new Float32Array(8 * hidden);
  bias.set(evaluateConstant(weights.bias));
  const constants = [
    { data: transposed(weights.input), dims: [1, 4 * hidden, inputs] },
    { data: transposed(weights.recurrent), dims: [1, 4 * hidden, hidden] },
    { data: bias, dims: [1, 8 * hidden] },
  ].map(({ data, dims }) => writer.addInitializer("float32", data, dims));
  const results = ["all", "hidden", "cell"].map((hint) =>
    writer.freshName(hint)
  );
  writer.emitAll(
    "LSTM",
    [steps, ...constants, "", half(0, hidden), half(hidden, size)],
    results,
    { hidden_size: { int: hidden } },
  );
  const [all, ...states] = results;
  const said = writer.emit("Squeeze", [all], { axes: { ints: [1] } });
  writer.emit(
    "Reshape",
    [
      writer.emit("Transpose", [said], timeFirst),
      writer.integers([-1, hidden]),
    ],
    {},
    { output: nameOf(output) },
  );
  const after = writer.emit("Concat", states, { axis: { int: -1 } });
  const name = "recurrent_out";
  writer.emit("Transpose", [after], timeFirst, { output: name });
  return makeValueInfo(name, "float32", ["batch", 1, size]);
}

/** A constant matrix `[rows, columns]` as `[columns, rows]`. */
function transposed(node: Node): Float32Array {
  if (!isOp(node, "constant")) throw new TypeError("weights must be constants");
  const [rows, columns] = node.shape.map(staticDim);
  const { data } = node.attributes;
  const result = new Float32Array(rows * columns);
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) {
      result[j * rows + i] = data[i * columns + j];
    }
  }
  return result;
}
