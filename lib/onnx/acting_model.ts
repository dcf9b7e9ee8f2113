/** A model for Unity as we run it: with our own random numbers, or without. */
import { UserError } from "../errors.ts";
import { plainText } from "../util/quote.ts";
import { GraphWriter, makeValueInfo } from "./graph_writer.ts";
import {
  encodeModel,
  type OnnxNode,
  type OnnxValueInfo,
} from "./onnx_schema.ts";
import type { GraphReader } from "./graph_reader.ts";
import {
  type ActionOutputs,
  type ReadUnityModel,
  unityNames,
} from "./read_unity_model.ts";

/** An input `[batch, width]` of random numbers; zeros give what is likeliest. */
export interface NoiseInput {
  readonly name: string;
  readonly kind: "normal" | "gumbel";
  readonly width: number;
}

export interface ActingModel {
  readonly bytes: Uint8Array;
  readonly noise: readonly NoiseInput[];
  /** Output with continuous actions; null = none. */
  readonly continuous: string | null;
  /** Output with indices, in version 2 log-probabilities; null = none. */
  readonly discrete: string | null;
}

/**
 * The model without its own random operators, whose numbers nobody can repeat:
 * what they draw becomes an input. A choice among probabilities is the largest
 * of log p + Gumbel noise (Gumbel 1954). Deterministic outputs are used if they
 * are wanted and there. Throws a UserError for random operators of other kinds.
 */
export function actingModel(
  read: ReadUnityModel,
  deterministic: boolean,
): ActingModel {
  const { model, graph, memorySize, discreteBranches } = read;
  const [continuous, discrete] = [read.continuous, read.discrete].map((kind) =>
    deterministic && !isSquashedWhenSampled(graph, kind)
      ? kind.deterministic ?? kind.sampled
      : kind.sampled ?? kind.deterministic
  );
  const outputs: OnnxValueInfo[] = [];
  const give = (
    name: string,
    type: "float32" | "int64",
    sizes: readonly number[],
  ) => outputs.push(makeValueInfo(name, type, ["batch", ...sizes]));
  if (continuous !== null) give(continuous, "float32", [read.continuousSize]);
  if (discrete !== null) {
    if (discreteBranches) give(discrete, "int64", [discreteBranches.length]);
    else give(discrete, "float32", [read.branchTotal]);
  }
  if (memorySize > 0) give(unityNames.memoryAfter, "float32", [1, memorySize]);

  const noise: NoiseInput[] = [];
  const writer = new GraphWriter();
  for (const node of graph.ancestors(outputs.map(({ name }) => name))) {
    if (isPlainNormal(node)) {
      const [name] = node.output;
      noise.push({ name, kind: "normal", width: read.continuousSize });
    } else if (node.opType === "Multinomial") {
      const width = branchSize(read, discrete, node);
      const [name] = node.output;
      const drawn = { name: `${name}/noise`, kind: "gumbel", width } as const;
      noise.push(drawn);
      const scores = `${name}/scores`;
      const along = { axis: { int: 1 }, keepdims: { int: 1 } };
      writer.emitAll("Add", [node.input[0], drawn.name], [scores]);
      writer.emitAll("ArgMax", [scores], [name], along);
    } else if (/^(Random|Bernoulli)/.test(node.opType)) {
      throw unknownDraw(read, node);
    } else {
      writer.nodes.push(node);
    }
  }
  const inputs = [
    ...graph.inputs.map(({ name, type }) => {
      const sizes = type.tensorType.shape.dim.slice(1)
        .map((dim) => "dimValue" in dim ? dim.dimValue : dim.dimParam);
      return makeValueInfo(name, "float32", ["batch", ...sizes]);
    }),
    ...noise.map(({ name, width }) =>
      makeValueInfo(name, "float32", ["batch", width])
    ),
  ];
  const acting = {
    ...writer.finish("acting", inputs, outputs),
    initializer: model.graph.initializer,
  };
  return {
    bytes: encodeModel({ ...model, graph: acting }),
    noise,
    continuous,
    discrete,
  };
}

/**
 * ML-Agents leaves the likeliest actions of SAC without the tanh that sampled
 * ones have (F-5). Sampled without noise they are right.
 */
function isSquashedWhenSampled(
  graph: GraphReader,
  { sampled, deterministic }: ActionOutputs,
): boolean {
  if (sampled === null || deterministic === null) return false;
  const isSquashed = (value: string) =>
    graph.producer(value)?.opType === "Tanh";
  return isSquashed(sampled) && !isSquashed(deterministic);
}

/** Standard normal numbers, as many as there are actions. */
function isPlainNormal({ opType, attribute }: OnnxNode): boolean {
  return opType === "RandomNormalLike" &&
    attribute.every(({ name, f }) =>
      name === "mean" ? !f : name === "scale" ? f === 1 : true
    );
}

/** The number of choices among which an operator draws. */
function branchSize(
  read: ReadUnityModel,
  output: string | null,
  node: OnnxNode,
): number {
  const { graph, discreteBranches } = read;
  const last = output === null ? undefined : graph.producer(output);
  const draws = last?.opType === "Concat"
    ? last.input.map((value) => graph.producer(value))
    : [last];
  const size = discreteBranches?.[draws.indexOf(node)];
  if (size === undefined) throw unknownDraw(read, node);
  return size;
}

function unknownDraw({ path }: ReadUnityModel, { opType }: OnnxNode) {
  return new UserError({
    place: { file: path },
    what: "the model draws random numbers in an unknown way",
    found: plainText(opType, 60),
    allowed: "RandomNormalLike for continuous actions and Multinomial for " +
      "discrete ones, as ML-Agents writes them",
    cure: "Use a model with deterministic outputs, and act without randomness.",
  });
}
