/** Collects the nodes and constants of one ONNX graph under fresh names. */
import {
  type OnnxAttribute,
  type OnnxGraph,
  type OnnxNode,
  type OnnxTensor,
  OnnxType,
  type OnnxTypeName,
  type OnnxValueInfo,
} from "./onnx_schema.ts";

/** Attribute values by name; numbers must say whether they are integers. */
export type Attributes = Readonly<
  Record<
    string,
    | { int: number }
    | { float: number }
    | { ints: readonly number[] }
    | { graph: OnnxGraph }
    | { tensor: OnnxTensor }
    | { text: string }
  >
>;

/** A tensor's raw bytes are little-endian, as every supported machine is. */
export function makeTensor(
  type: OnnxTypeName,
  data: Float32Array | Int32Array | Uint8Array | BigInt64Array,
  dims: readonly number[],
  name?: string,
): OnnxTensor {
  const rawData = new Uint8Array(
    data.buffer,
    data.byteOffset,
    data.byteLength,
  );
  return { dims, dataType: OnnxType[type], rawData, name };
}

/** Declares a graph input or output. */
export function makeValueInfo(
  name: string,
  type: OnnxTypeName,
  shape: readonly (number | string)[],
): OnnxValueInfo {
  const dim = shape.map((size) =>
    typeof size === "number" ? { dimValue: size } : { dimParam: size }
  );
  return {
    name,
    type: { tensorType: { elemType: OnnxType[type], shape: { dim } } },
  };
}

function makeAttribute(
  name: string,
  value: Attributes[string],
): OnnxAttribute {
  if ("float" in value) return { name, type: 1, f: value.float };
  if ("text" in value) {
    return { name, type: 3, s: new TextEncoder().encode(value.text) };
  }
  if ("int" in value) return { name, type: 2, i: value.int };
  if ("tensor" in value) return { name, type: 4, t: value.tensor };
  if ("graph" in value) return { name, type: 5, g: value.graph };
  return { name, type: 7, ints: value.ints };
}

/** Renames what a body reads from the graph around it. */
function renameInGraph(
  graph: OnnxGraph,
  names: ReadonlyMap<string, string>,
): OnnxGraph {
  const writer = new GraphWriter();
  writer.nodes.push(...graph.node);
  writer.rename(names);
  return { ...graph, node: writer.nodes };
}

/** One graph being written; a body shares its names with the whole. */
export class GraphWriter {
  nodes: OnnxNode[] = [];
  readonly initializers: OnnxTensor[] = [];
  readonly #integers = new Map<string, string>();
  readonly #outer: GraphWriter | undefined;
  #count = 0;

  constructor(outer?: GraphWriter) {
    this.#outer = outer;
  }

  /** A name that is unique in the whole model; its slash keeps it apart. */
  freshName(hint: string): string {
    if (this.#outer) return this.#outer.freshName(hint);
    return `/${hint}_${this.#count++}`;
  }

  /** Adds a node and returns the names of its outputs. */
  emitAll(
    opType: string,
    inputs: readonly string[],
    outputs: readonly string[],
    attributes: Attributes = {},
    domain?: string,
  ): void {
    this.nodes.push({
      input: inputs,
      output: outputs,
      name: this.freshName(opType),
      opType,
      attribute: Object.entries(attributes).map(([name, value]) =>
        makeAttribute(name, value)
      ),
      domain,
    });
  }

  /** Adds a node with one output and returns its name. */
  emit(
    opType: string,
    inputs: readonly string[],
    attributes: Attributes = {},
    options: { domain?: string; output?: string } = {},
  ): string {
    const output = options.output ?? this.freshName(opType.toLowerCase());
    this.emitAll(opType, inputs, [output], attributes, options.domain);
    return output;
  }

  /** Changes names of values of this graph wherever they stand. */
  rename(names: ReadonlyMap<string, string>): void {
    const renameAll = (values: readonly string[]) =>
      values.map((name) => names.get(name) ?? name);
    this.nodes = this.nodes.map((node) => ({
      ...node,
      input: renameAll(node.input),
      output: renameAll(node.output),
      attribute: node.attribute.map((attribute) =>
        attribute.g
          ? { ...attribute, g: renameInGraph(attribute.g, names) }
          : attribute
      ),
    }));
  }

  /** Adds a constant of the graph and returns its name. */
  addInitializer(
    type: OnnxTypeName,
    data: Float32Array | Int32Array | Uint8Array | BigInt64Array,
    dims: readonly number[],
    name = this.freshName("constant"),
  ): string {
    this.initializers.push(makeTensor(type, data, dims, name));
    return name;
  }

  /** An int64 vector constant, written once: shapes, axes, positions. */
  integers(values: readonly number[]): string {
    if (this.#outer) return this.#outer.integers(values);
    const key = values.join();
    const known = this.#integers.get(key);
    if (known) return known;
    const data = BigInt64Array.from(values, BigInt);
    const name = this.addInitializer("int64", data, [values.length]);
    this.#integers.set(key, name);
    return name;
  }

  finish(
    name: string,
    input: readonly OnnxValueInfo[],
    output: readonly OnnxValueInfo[],
  ): OnnxGraph {
    return {
      node: this.nodes,
      name,
      initializer: this.initializers,
      input,
      output,
    };
  }
}
