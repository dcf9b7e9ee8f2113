/** From a model's outputs back to the code that its heads read. */
import type { ReadUnityModel } from "../read_unity_model.ts";
import {
  type Linear,
  type PatternReader,
  sideBySide,
  Unrecognized,
} from "./pattern_reader.ts";
import type { RecognizedWeights } from "./recognized_weights.ts";

/** Raw actions are limited to this range, then scaled to -1..1. */
const actionLimit = 3;

/** Takes out the heads' weights and returns the code that all of them read. */
export function recognizeHeads(
  model: ReadUnityModel,
  reader: PatternReader,
  weights: RecognizedWeights,
): string {
  const codes = [
    ...model.continuous.sampled === null
      ? []
      : [continuousHead(model.continuous.sampled, reader, weights)],
    ...model.discrete.sampled === null
      ? []
      : discreteHeads(model.discrete.sampled, reader, weights),
  ];
  const [code] = codes;
  if (code !== undefined && codes.every((each) => each === code)) return code;
  throw new Unrecognized("heads that read different codes");
}

/** Clip(mean + exp(log sigma) noise) / 3, with one log sigma for all states. */
function continuousHead(
  output: string,
  reader: PatternReader,
  weights: RecognizedWeights,
): string {
  const { input: [limited, scale] } = reader.expect(output, "Div");
  if (reader.floats(scale)?.data[0] !== actionLimit) {
    throw new Unrecognized("actions of another scale");
  }
  const sum = reader.expect(
    reader.clipped(limited, -actionLimit, actionLimit),
    "Add",
  );
  const { wanted: draw, other: mean } = reader.operands(
    sum,
    (value) => reader.isFrom(value, "Mul"),
  );
  const { other: sigma } = reader.operands(
    reader.expect(draw, "Mul"),
    (value) => reader.isFrom(value, "RandomNormalLike"),
  );
  const logarithm = reader.through(sigma, "Exp");
  const constant = reader.floats(logarithm);
  weights.add(
    "continuous.log_sigma",
    constant ?? reader.requireFloats(
      reader.operands(
        reader.expect(logarithm, "Add"),
        (value) => reader.floats(value) !== null,
      ).wanted,
    ),
  );
  const head = reader.requireLinear(mean);
  weights.addLinear("continuous", head);
  return head.input;
}

/** Draws from a softmax of masked logits, all branches in one matrix. */
function discreteHeads(
  output: string,
  reader: PatternReader,
  weights: RecognizedWeights,
): readonly string[] {
  const masked = reader.pieces(output)
    .map((value) => reader.through(value, "Multinomial", "Log", "Softmax"))
    // All branches of one layer are split after it.
    .map((value) =>
      reader.isFrom(value, "Split") ? reader.through(value, "Split") : value
    );
  const heads = [...new Set(masked)].map((value): Linear => {
    const [allowed] = reader.expect(value, "Sub").input;
    const { wanted } = reader.operands(
      reader.expect(allowed, "Mul"),
      (each) => reader.linear(each) !== null,
    );
    return reader.requireLinear(wanted);
  });
  const biases = heads.flatMap(({ bias }) => [...bias ?? []]);
  weights.addLinear("discrete", {
    input: "",
    weight: sideBySide(heads.map(({ weight }) => weight)),
    bias: Float32Array.from(biases),
  });
  return heads.map(({ input }) => input);
}
