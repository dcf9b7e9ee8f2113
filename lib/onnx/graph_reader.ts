/** Finds its way through the graph of a model that somebody wrote. */
import {
  type OnnxGraph,
  type OnnxNode,
  type OnnxTensor,
  OnnxType,
  type OnnxValueInfo,
} from "./onnx_schema.ts";

/** A constant's values; int64 beyond 2^53 are rounded. */
export interface OnnxConstant {
  readonly dims: readonly number[];
  readonly dataType: number;
  readonly data: Float32Array | Float64Array;
}

export class GraphReader {
  readonly graph: OnnxGraph;
  /** Without constants that older writers list, too. */
  readonly inputs: readonly OnnxValueInfo[];
  readonly #producers = new Map<string, OnnxNode>();
  readonly #tensors = new Map<string, OnnxTensor>();

  constructor(graph: OnnxGraph) {
    this.graph = graph;
    for (const tensor of graph.initializer) {
      this.#tensors.set(tensor.name ?? "", tensor);
    }
    for (const node of graph.node) {
      for (const name of node.output) this.#producers.set(name, node);
      const value = node.attribute.find(({ name }) => name === "value");
      if (node.opType === "Constant" && value?.t) {
        this.#tensors.set(node.output[0], value.t);
      }
    }
    this.inputs = graph.input.filter(({ name }) => !this.#tensors.has(name));
  }

  /** The operator that computes a value, copies left out. */
  producer(value: string): OnnxNode | undefined {
    const node = this.#producers.get(value);
    return node?.opType === "Identity" ? this.producer(node.input[0]) : node;
  }

  /** The values of a constant, or of a copy of one. */
  constant(value: string): OnnxConstant | undefined {
    const tensor = this.#tensors.get(value);
    if (tensor) return readConstant(tensor);
    const node = this.#producers.get(value);
    return node?.opType === "Identity"
      ? this.constant(node.input[0])
      : undefined;
  }

  /** The operators that the given values depend on, in the graph's order. */
  ancestors(values: readonly string[]): readonly OnnxNode[] {
    const needed = new Set<OnnxNode>();
    const waiting = [...values];
    for (
      let value = waiting.pop();
      value !== undefined;
      value = waiting.pop()
    ) {
      const node = this.#producers.get(value);
      if (!node || needed.has(node)) continue;
      needed.add(node);
      waiting.push(...namesRead(node));
    }
    return this.graph.node.filter((node) => needed.has(node));
  }
}

/** What an operator reads, the graphs inside of it included. */
function namesRead({ input, attribute }: OnnxNode): string[] {
  const inside = attribute.flatMap(({ g }) => g?.node.flatMap(namesRead) ?? []);
  return [...input, ...inside];
}

function readConstant({ dims, dataType, rawData }: OnnxTensor): OnnxConstant {
  const { buffer } = Uint8Array.from(rawData);
  const data = dataType === OnnxType.float32
    ? new Float32Array(buffer)
    : Float64Array.from(
      dataType === OnnxType.int64
        ? Array.from(new BigInt64Array(buffer), Number)
        : dataType === OnnxType.int32
        ? new Int32Array(buffer)
        : new Uint8Array(buffer),
    );
  return { dims, dataType, data };
}
