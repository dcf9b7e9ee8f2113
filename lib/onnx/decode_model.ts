/** Reads a model file of any writer into the form in which we write them. */
import { UserError } from "../errors.ts";
import { plainText } from "../util/quote.ts";
import {
  modelMessage,
  type OnnxAttribute,
  type OnnxGraph,
  type OnnxModel,
  type OnnxNode,
  type OnnxTensor,
  OnnxType,
  type OnnxValueInfo,
} from "./onnx_schema.ts";

/** A decoded message, its absent fields left out. */
type Message = ReturnType<typeof modelMessage.toObject>;

/** What makes a file unfit; becomes a UserError that names the file. */
class Unfit extends Error {}

const outside = 1;

/** Bytes of one value, by element type. */
const valueSizes: Readonly<Record<number, number>> = {
  [OnnxType.float32]: 4,
  [OnnxType.int32]: 4,
  [OnnxType.int64]: 8,
  [OnnxType.bool]: 1,
};

/**
 * Decodes the bytes of the file `path`. All tensors come with their values as
 * raw bytes, however they were stored. Throws a UserError for bytes that are
 * no whole model, and for kinds of numbers that networks of games do not use.
 */
export function decodeModel(bytes: Uint8Array, path: string): OnnxModel {
  try {
    return readModel(
      modelMessage.toObject(modelMessage.decode(bytes), {
        longs: Number,
        arrays: true,
      }),
    );
  } catch (cause) {
    throw new UserError({
      place: { file: path },
      what: "this is not a whole ONNX model",
      found: cause instanceof Unfit
        ? plainText(cause.message, 300)
        : "bytes that end too early, or are something else",
      cure: "Copy or export it again.",
    }, { cause });
  }
}

function readModel(raw: Message): OnnxModel {
  if (!raw.graph) throw new Unfit("no graph");
  if (raw.graph.node.length === 0) throw new Unfit("a graph without operators");
  if (raw.opsetImport.length === 0) throw new Unfit("no operator set");
  const graph = readGraph(raw.graph);
  checkOrder(graph);
  return {
    irVersion: raw.irVersion ?? 0,
    producerName: raw.producerName ?? "",
    producerVersion: raw.producerVersion ?? "",
    graph,
    opsetImport: raw.opsetImport.map(({ domain, version }: Message) => ({
      domain: domain ?? "",
      version: version ?? 0,
    })),
  };
}

function readGraph(raw: Message): OnnxGraph {
  return {
    node: raw.node.map(readNode),
    name: raw.name ?? "",
    initializer: raw.initializer.map(readTensor),
    input: raw.input.map(readValueInfo),
    output: raw.output.map(readValueInfo),
  };
}

/** Every value is computed once, before it is read. */
function checkOrder({ node, input, initializer }: OnnxGraph): void {
  const known = new Set(["", ...input.map(({ name }) => name)]);
  for (const { name = "" } of initializer) known.add(name);
  for (const { opType, input, output } of node) {
    const missing = input.find((name) => !known.has(name));
    if (missing !== undefined) {
      throw new Unfit(`${opType} reads "${missing}", which is not there yet`);
    }
    for (const name of output) {
      if (name !== "" && known.has(name)) {
        throw new Unfit(`"${name}" is computed twice`);
      }
      known.add(name);
    }
  }
}

function readNode(raw: Message): OnnxNode {
  return {
    input: raw.input,
    output: raw.output,
    name: raw.name ?? "",
    opType: raw.opType ?? "",
    domain: raw.domain ?? "",
    attribute: raw.attribute.map(readAttribute),
  };
}

function readAttribute(raw: Message): OnnxAttribute {
  const { t, g, ...plain } = raw;
  return {
    ...plain,
    name: raw.name ?? "",
    type: raw.type ?? 0,
    ...(t && { t: readTensor(t) }),
    ...(g && { g: readGraph(g) }),
  };
}

function readValueInfo(raw: Message): OnnxValueInfo {
  const { elemType = 0, shape } = raw.type?.tensorType ?? {};
  const dim = (shape?.dim ?? []).map(({ dimValue, dimParam }: Message) =>
    dimValue === undefined ? { dimParam: dimParam ?? "" } : { dimValue }
  );
  return {
    name: raw.name ?? "",
    type: { tensorType: { elemType, shape: { dim } } },
  };
}

function readTensor(raw: Message): OnnxTensor {
  const { dims, dataType = 0, name = "" } = raw;
  if (raw.dataLocation === outside) {
    throw new Unfit(`the values of "${name}" lie in another file`);
  }
  const size = valueSizes[dataType];
  if (size === undefined) {
    throw new Unfit(`"${name}" holds values of type ${dataType}`);
  }
  const rawData = rawBytes(raw);
  const wanted = dims.reduce((product: number, n: number) => product * n, size);
  if (rawData.length !== wanted) {
    throw new Unfit(`"${name}" has ${rawData.length} of ${wanted} bytes`);
  }
  return { dims, dataType, name, rawData };
}

/** A tensor's values as raw bytes, or the values of its own field as such. */
function rawBytes(raw: Message): Uint8Array {
  if (raw.rawData?.length > 0) return raw.rawData;
  const { floatData, int32Data, int64Data } = raw;
  switch (raw.dataType) {
    case OnnxType.float32:
      return bytesOf(Float32Array.from(floatData));
    case OnnxType.int64:
      return bytesOf(BigInt64Array.from(int64Data, toInt64));
    case OnnxType.bool:
      return Uint8Array.from(int32Data);
    default:
      return bytesOf(Int32Array.from(int32Data));
  }
}

/** The largest one, which stands for "to the end", is rounded up on its way. */
function toInt64(value: number): bigint {
  return value < 2 ** 63 ? BigInt(value) : 2n ** 63n - 1n;
}

function bytesOf(
  { buffer }: Float32Array<ArrayBuffer> | Int32Array | BigInt64Array,
): Uint8Array {
  return new Uint8Array(buffer);
}
