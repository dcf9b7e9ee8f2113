/** Reads parts of networks out of graphs, from results back to inputs. */
import type { GraphReader } from "../graph_reader.ts";
import { type OnnxNode, OnnxType } from "../onnx_schema.ts";

/** What was found in a graph where something else was looked for. */
export class Unrecognized extends Error {}

/** Values of a constant. */
export interface Floats {
  readonly data: Float32Array;
  readonly dims: readonly number[];
}

/** x W + b with constants. */
export interface Linear {
  /** The value that it reads. */
  readonly input: string;
  /** `[inputs, outputs]`. */
  readonly weight: Floats;
  /** `[outputs]`; null where nothing is added. */
  readonly bias: Float32Array | null;
}

export class PatternReader {
  readonly graph: GraphReader;

  constructor(graph: GraphReader) {
    this.graph = graph;
  }

  /** The operator behind a value, which must be one of these. */
  expect(value: string, ...opTypes: readonly string[]): OnnxNode {
    const node = this.graph.producer(value);
    if (node && opTypes.includes(node.opType)) return node;
    throw new Unrecognized(
      `${node?.opType ?? "nothing"} where ${opTypes.join(" or ")} was expected`,
    );
  }

  /** The value behind a row of operators, which each pass on their first input. */
  through(value: string, ...opTypes: readonly string[]): string {
    return opTypes.reduce((at, each) => this.expect(at, each).input[0], value);
  }

  isFrom(value: string, opType: string): boolean {
    return this.graph.producer(value)?.opType === opType;
  }

  /** A float32 constant. */
  floats(value: string): Floats | null {
    const constant = this.graph.constant(value);
    if (constant?.dataType !== OnnxType.float32) return null;
    return { data: Float32Array.from(constant.data), dims: constant.dims };
  }

  /** A constant that has to be there. */
  requireFloats(value: string): Floats {
    const found = this.floats(value);
    if (found) return found;
    throw new Unrecognized("a computed value where a constant was expected");
  }

  /** The limits of a Clip are these, and what it reads is returned. */
  clipped(value: string, least: number, most: number): string {
    const node = this.expect(value, "Clip");
    const bound = (name: "min" | "max", index: number) =>
      node.attribute.find((each) => each.name === name)?.f ??
        (node.input[index] && this.floats(node.input[index])?.data[0]);
    if (bound("min", 1) === least && bound("max", 2) === most) {
      return node.input[0];
    }
    throw new Unrecognized(
      `a Clip to ${bound("min", 1)}..${bound("max", 2)} where ${least}..` +
        `${most} was expected`,
    );
  }

  /** The operands of an operator that fulfil a condition, and the others. */
  operands(
    { input }: OnnxNode,
    isWanted: (value: string) => boolean,
  ): { wanted: string; other: string } {
    const wanted = input.find(isWanted);
    const other = input.find((value) => value !== wanted);
    if (wanted !== undefined && other !== undefined) return { wanted, other };
    throw new Unrecognized("operands of another kind than expected");
  }

  /** A dense layer, or null; without bias it is a MatMul alone. */
  linear(value: string): Linear | null {
    const node = this.graph.producer(value);
    switch (node?.opType) {
      case "Gemm":
        return this.#gemm(node);
      case "MatMul": {
        const weight = this.floats(node.input[1]);
        return weight && { input: node.input[0], weight, bias: null };
      }
      case "Add": {
        const product = node.input.find((each) => this.isFrom(each, "MatMul"));
        const added = node.input.find((each) => each !== product);
        if (product === undefined || added === undefined) return null;
        const linear = this.linear(product);
        const bias = this.floats(added);
        return linear && bias && { ...linear, bias: bias.data };
      }
      default:
        return null;
    }
  }

  requireLinear(value: string): Linear & { readonly bias: Float32Array } {
    const linear = this.linear(value);
    const { bias } = linear ?? {};
    if (linear && bias) return { ...linear, bias };
    const { opType = "nothing" } = this.graph.producer(value) ?? {};
    throw new Unrecognized(`${opType} where a dense layer was expected`);
  }

  #gemm({ input, attribute }: OnnxNode): Linear | null {
    const [x, w, b] = input;
    const weight = this.floats(w);
    const bias = b === undefined ? null : this.floats(b);
    const flag = (name: string) =>
      attribute.find((each) => each.name === name)?.i ?? 0;
    const isScaled = attribute.some(({ name, f = 0 }) =>
      (name === "alpha" || name === "beta") && f !== 1
    );
    if (!weight || !bias || flag("transA") === 1 || isScaled) return null;
    return {
      input: x,
      weight: flag("transB") === 1 ? transposed(weight) : weight,
      bias: bias.data,
    };
  }

  /** What x swish(x) was made of; null if it is something else. */
  swishInput(value: string): string | null {
    const node = this.graph.producer(value);
    if (node?.opType !== "Mul") return null;
    const sigmoid = node.input.find((each) => this.isFrom(each, "Sigmoid"));
    if (sigmoid === undefined) return null;
    const inner = this.through(sigmoid, "Sigmoid");
    return node.input.includes(inner) ? inner : null;
  }

  /** What a layer norm reads. */
  normalizedInput(value: string): string {
    const [centered] = this.expect(value, "Div", "Mul").input;
    return this.through(centered, "Sub");
  }

  /** The values that stand side by side in one. */
  pieces(value: string): readonly string[] {
    const node = this.graph.producer(value);
    if (node?.opType !== "Concat") return [value];
    return node.input.flatMap((each) => this.pieces(each));
  }

  /** The graph's own inputs that a value depends on. */
  sources(value: string): ReadonlySet<string> {
    const names = this.graph.inputs.map(({ name }) => name);
    const read = this.graph.ancestors([value]).flatMap(({ input }) => input);
    return new Set([value, ...read].filter((name) => names.includes(name)));
  }
}

/** A matrix `[rows, columns]` as `[columns, rows]`. */
export function transposed({ data, dims: [rows, columns] }: Floats): Floats {
  const result = new Float32Array(data.length);
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) {
      result[j * rows + i] = data[i * columns + j];
    }
  }
  return { data: result, dims: [columns, rows] };
}

/** Matrices `[rows, columns]` with the same rows, side by side. */
export function sideBySide(matrices: readonly Floats[]): Floats {
  const [{ dims: [rows] }] = matrices;
  const width = matrices.reduce((sum, { dims }) => sum + dims[1], 0);
  const data = new Float32Array(rows * width);
  let start = 0;
  for (const { data: values, dims: [height, columns] } of matrices) {
    if (height !== rows) throw new Unrecognized("layers of different inputs");
    for (let i = 0; i < rows; i++) {
      const row = values.subarray(i * columns, (i + 1) * columns);
      data.set(row, i * width + start);
    }
    start += columns;
  }
  return { data, dims: [rows, width] };
}
