/** From the heads' code back to the code of the observations. */
import {
  type PatternReader,
  transposed,
  Unrecognized,
} from "./pattern_reader.ts";
import type { RecognizedWeights } from "./recognized_weights.ts";

/** The body of a network, seen from its results. */
export interface RecognizedBody {
  readonly hiddenUnits: number;
  readonly numLayers: number;
  /** The value with all observations' codes. */
  readonly observations: string;
  /** The value with those that the last layer is generated from, if it is. */
  readonly goal: string | null;
}

/**
 * Takes out the LSTM in front of `code` and returns the value that it reads;
 * without one that is `code` itself.
 */
export function recognizeMemory(
  code: string,
  reader: PatternReader,
  weights: RecognizedWeights,
): string {
  if (!reader.isFrom(code, "Reshape")) return code;
  const said = reader.through(code, "Reshape", "Transpose", "Squeeze");
  const { input, attribute } = reader.expect(said, "LSTM");
  const [steps, w, r, b, lengths, hidden, cell] = input;
  const halves = [hidden, cell].map((half) => startOf(reader, half));
  const isPlain = attribute.every(({ name }) => name === "hidden_size");
  if (!isPlain || lengths !== "" || halves[0] !== 0 || halves[1] === 0) {
    throw new Unrecognized("an LSTM with other settings");
  }
  const size = reader.requireFloats(r).dims[2];
  for (const [name, value] of [["input", w], ["recurrent", r]]) {
    const { data, dims: [, rows, columns] } = reader.requireFloats(value);
    weights.add(
      `lstm.${name}_weight`,
      transposed({ data, dims: [rows, columns] }),
    );
  }
  const { data } = reader.requireFloats(b);
  weights.addVector("lstm.input_bias", data.slice(0, 4 * size));
  weights.addVector("lstm.recurrent_bias", data.slice(4 * size));
  return reader.through(steps, "Transpose", "Reshape");
}

/** Where in the memory a half of it begins. */
function startOf(reader: PatternReader, half: string): number | undefined {
  const { attribute, input } = reader.expect(half, "Slice");
  const starts = attribute.find(({ name }) => name === "starts")?.ints;
  return starts?.[0] ??
    (input[1] === undefined
      ? undefined
      : Number(reader.graph.constant(input[1])?.data[0]));
}

/** Takes out dense layers with swish up to what reads the observations. */
export function recognizeBody(
  code: string,
  reader: PatternReader,
  weights: RecognizedWeights,
): RecognizedBody {
  const layers = [];
  const last = reader.swishInput(code);
  const generated = last === null || reader.linear(last)
    ? null
    : generatedLayer(last, reader);
  let observations = generated?.input ?? code;
  while (true) {
    const inner = reader.swishInput(observations);
    const layer = inner === null ? null : reader.linear(inner);
    if (!layer) break;
    layers.unshift(layer);
    observations = layer.input;
  }
  layers.forEach((layer, i) => weights.addLinear(`body.${i}`, layer));
  const hiddenUnits = generated?.bias.length ?? layers.at(-1)?.bias?.length;
  if (hiddenUnits === undefined) {
    throw new Unrecognized("no dense layers with swish before the heads");
  }
  if (generated) {
    const name = `body.${layers.length}`;
    weights.addVector(`${name}.bias`, generated.bias);
    generated.generator.forEach((layer, i) =>
      weights.addLinear(`${name}.generator.${i}`, layer)
    );
  }
  return {
    hiddenUnits,
    numLayers: layers.length + (generated ? 1 : 0),
    observations,
    goal: generated?.goal ?? null,
  };
}

/** x W(goal) + b, before its swish. */
function generatedLayer(value: string, reader: PatternReader) {
  const { wanted, other } = reader.operands(
    reader.expect(value, "Add"),
    (each) => reader.floats(each) !== null,
  );
  const [product] = reader.expect(other, "Squeeze", "Reshape").input;
  const { input: [row, matrix] } = reader.expect(product, "MatMul");
  const last = reader.requireLinear(reader.through(matrix, "Reshape"));
  const generator = [last];
  let goal = reader.normalizedInput(last.input);
  for (let layer = 0; layer < 2; layer++) {
    const inner = reader.swishInput(goal);
    if (inner === null) throw new Unrecognized("another generator of weights");
    const dense = reader.requireLinear(inner);
    generator.unshift(dense);
    goal = dense.input;
  }
  return {
    bias: reader.requireFloats(wanted).data,
    generator,
    goal,
    input: reader.expect(row, "Unsqueeze", "Reshape").input[0],
  };
}
