/** The network inside of a model for Unity, where it is one of ours. */
import { UserError } from "../../errors.ts";
import type { VisualEncoderName } from "../../nn/visual_encoders.ts";
import type { NamedArrays } from "../../util/arrays.ts";
import { plainText } from "../../util/quote.ts";
import type { ReadUnityModel } from "../read_unity_model.ts";
import { PatternReader, Unrecognized } from "./pattern_reader.ts";
import { recognizeBody, recognizeMemory } from "./recognize_body.ts";
import {
  type RecognizedNormalizer,
  recognizeEncoders,
} from "./recognize_encoders.ts";
import { recognizeHeads } from "./recognize_heads.ts";
import { RecognizedWeights } from "./recognized_weights.ts";

/** A policy: its form, and its weights by our names. */
export interface RecognizedPolicy {
  readonly hiddenUnits: number;
  readonly numLayers: number;
  /** Null where there are no images. */
  readonly visualEncoder: VisualEncoderName | null;
  /** Sensors from which the last layer is generated; none = an ordinary one. */
  readonly goals: readonly number[];
  readonly memorySize: number;
  /** Continuous actions are tanh of samples, as SAC's are. */
  readonly isSquashed: boolean;
  /** By sensor; the others are taken as they are. */
  readonly normalizers: ReadonlyMap<number, RecognizedNormalizer>;
  /** Names begin at the actor: `body.0.weight`. */
  readonly weights: NamedArrays;
}

/**
 * Finds the policy by the form of the graph. What lies between the weights is
 * looked at only as far as needed to tell them apart: compare the actions.
 * Throws a UserError that says what was found where a network is another.
 */
export function recognizePolicy(model: ReadUnityModel): RecognizedPolicy {
  try {
    if (model.version !== 3) throw new Unrecognized("a model of version 2");
    return recognize(model);
  } catch (error) {
    if (!(error instanceof Unrecognized)) throw error;
    throw new UserError({
      place: { file: model.path },
      what: "the model's network is none that this program knows",
      found: plainText(error.message, 300),
      allowed:
        "networks of PPO, SAC and POCA, as ML-Agents 0.26 or later and this " +
        "program write them",
      cure: "It can act, with --inference --model, but training cannot start " +
        "from it.",
    }, { cause: error });
  }
}

function recognize(model: ReadUnityModel): RecognizedPolicy {
  const reader = new PatternReader(model.graph);
  const weights = new RecognizedWeights();
  const spoken = recognizeHeads(model, reader, weights);
  const code = recognizeMemory(spoken, reader, weights);
  const body = recognizeBody(code, reader, weights);
  const { normalizers, visualEncoder, sensors } = recognizeEncoders(
    body.observations,
    model.observations,
    body.hiddenUnits,
    reader,
    weights,
  );
  const goals = body.goal === null
    ? []
    : reader.pieces(body.goal).map((piece) => {
      const sensor = sensors.get(piece);
      if (sensor !== undefined) return sensor;
      throw new Unrecognized("a goal that is none of the observations");
    });
  return {
    hiddenUnits: body.hiddenUnits,
    numLayers: body.numLayers,
    visualEncoder,
    goals,
    memorySize: model.memorySize,
    isSquashed: "continuous.log_sigma.weight" in weights.arrays,
    normalizers,
    weights: weights.arrays,
  };
}
