/** From a model's outputs back to the code that its heads read. */
import { logSigmaRange } from "../../nn/policy.ts";
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

/** PPO's and POCA's samples are limited and scaled, SAC's squashed. */
function continuousHead(
  output: string,
  reader: PatternReader,
  weights: RecognizedWeights,
): string {
  return reader.isFrom(output, "Tanh")
    ? squashedHead(reader.through(output, "Tanh"), reader, weights)
    : scaledHead(output, reader, weights);
}

/** Clip(mean + exp(log sigma) noise) / 3, with one log sigma for all states. */
function scaledHead(
  output: string,
  reader: PatternReader,
  weights: RecognizedWeights,
): string {
  const { input: [limited, scale] } = reader.expect(output, "Div");
  if (reader.floats(scale)?.data[0] !== actionLimit) {
    throw new Unrecognized("actions of another scale");
  }
  const { mean, logSigma } = gaussian(
    reader.clipped(limited, -actionLimit, actionLimit),
    reader,
  );
  const constant = reader.floats(logSigma);
  weights.add(
    "continuous.log_sigma",
    constant ?? reader.requireFloats(
      reader.operands(
        reader.expect(logSigma, "Add"),
        (value) => reader.floats(value) !== null,
      ).wanted,
    ),
  );
  const head = reader.requireLinear(mean);
  weights.addLinear("continuous", head);
  return head.input;
}

/** mean + exp(Clip(log sigma)) noise, both of the state. */
function squashedHead(
  sample: string,
  reader: PatternReader,
  weights: RecognizedWeights,
): string {
  const { mean, logSigma } = gaussian(sample, reader);
  const [least, most] = logSigmaRange;
  const heads = {
    continuous: reader.requireLinear(mean),
    "continuous.log_sigma": reader.requireLinear(
      reader.clipped(logSigma, least, most),
    ),
  };
  for (const [name, head] of Object.entries(heads)) {
    weights.addLinear(name, head);
  }
  const { input } = heads.continuous;
  if (heads["continuous.log_sigma"].input === input) return input;
  throw new Unrecognized("a deviation that reads another code than the mean");
}

/** The parts of mean + exp(log sigma) noise. */
function gaussian(
  sample: string,
  reader: PatternReader,
): { mean: string; logSigma: string } {
  const { wanted: draw, other: mean } = reader.operands(
    reader.expect(sample, "Add"),
    (value) => reader.isFrom(value, "Mul"),
  );
  const { other: sigma } = reader.operands(
    reader.expect(draw, "Mul"),
    (value) => reader.isFrom(value, "RandomNormalLike"),
  );
  return { mean, logSigma: reader.through(sigma, "Exp") };
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
