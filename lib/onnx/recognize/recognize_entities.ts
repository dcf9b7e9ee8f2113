/** The encoder of entities, as Unity's trainer writes it and as we do. */
import type { OnnxNode } from "../onnx_schema.ts";
import {
  type Floats,
  type Linear,
  type PatternReader,
  sideBySide,
  Unrecognized,
} from "./pattern_reader.ts";
import type { RecognizedWeights } from "./recognized_weights.ts";

const place = "encoder.entities";

/**
 * Takes out the layers between the entities' observations and their `code`;
 * `others` are the codes of all other sensors, which each entity is told.
 */
export function recognizeEntities(
  code: string,
  others: readonly string[],
  reader: PatternReader,
  weights: RecognizedWeights,
): void {
  const outside = new Set(reader.graph.ancestors(others));
  const layers = reader.graph.ancestors([code])
    .filter((node) => !outside.has(node))
    .flatMap((node) => layerOf(node, reader));
  const own = layers.filter(({ bias }) => bias !== null);
  // Queries, keys and values are one layer of ours, three of Unity's.
  const size = own.at(-1)?.weight.dims[1] ?? 0;
  const isJoined = own.at(-2)?.weight.dims[1] === 3 * size;
  const attention = own.splice(isJoined ? -2 : -4);
  const out = attention.pop();
  if (!out || attention.length === 0) throw unknown();
  weights.addLinear(`${place}.attention.queries_keys_values`, {
    input: "",
    weight: sideBySide(attention.map(({ weight }) => weight)),
    bias: Float32Array.from(attention.flatMap(({ bias }) => [...bias ?? []])),
  });
  weights.addLinear(`${place}.attention.out`, out);

  const isSelf = ({ input }: Linear) =>
    others.length > 0 &&
    [...reader.sources(input)].every((name) => isAmong(name, others, reader));
  const self = own.filter(isSelf);
  const embeddings = own.filter((layer) => !self.includes(layer));
  if (self.length !== (others.length > 0 ? 1 : 0)) throw unknown();
  self.forEach((layer) => weights.addLinear(`${place}.self`, layer));
  const shares = layers.filter(({ bias }) => bias === null)
    .map(({ weight }) => weight);
  embeddings.forEach((layer, i) => {
    const name = `${place}.embedding.${i}`;
    if (self.length === 0) return weights.addLinear(name, layer);
    const [share, features] = shares.length > 0
      ? [shares[i], layer.weight]
      : rowsApart(layer.weight, size);
    if (!share) throw unknown();
    weights.add(`${name}.self_weight`, share);
    weights.addLinear(name, { ...layer, weight: features });
  });
}

/** A dense layer that ends in this operator; products only where not added to. */
function layerOf(node: OnnxNode, reader: PatternReader): Linear[] {
  const [value] = node.output;
  const linear = reader.linear(value);
  if (!linear) return [];
  if (node.opType !== "MatMul") return [linear];
  const isAdded = reader.graph.graph.node.some(({ opType, input, output }) =>
    opType === "Add" && input.includes(value) &&
    reader.linear(output[0]) !== null
  );
  return isAdded ? [] : [linear];
}

function isAmong(
  name: string,
  values: readonly string[],
  reader: PatternReader,
): boolean {
  return values.some((value) => reader.sources(value).has(name));
}

/** A matrix cut after its first rows. */
function rowsApart(
  { data, dims: [rows, columns] }: Floats,
  first: number,
): [Floats, Floats] {
  return [
    { data: data.slice(0, first * columns), dims: [first, columns] },
    { data: data.slice(first * columns), dims: [rows - first, columns] },
  ];
}

function unknown(): Unrecognized {
  return new Unrecognized("entities that are read in another way");
}
