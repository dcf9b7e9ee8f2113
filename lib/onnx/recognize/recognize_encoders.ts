/** From the code of all observations back to the sensors. */
import { collectParameters } from "../../nn/parameters.ts";
import {
  type VisualEncoderName,
  visualEncoders,
} from "../../nn/visual_encoders.ts";
import { input } from "../../tensor/build.ts";
import type { ModelObservation } from "../model_inputs.ts";
import {
  type Floats,
  type PatternReader,
  Unrecognized,
} from "./pattern_reader.ts";
import { recognizeEntities } from "./recognize_entities.ts";
import type { RecognizedWeights } from "./recognized_weights.ts";

/** Statistics of a vector sensor, `[n]` each. */
export interface RecognizedNormalizer {
  readonly mean: Float32Array;
  /** 1 / standard deviation. */
  readonly scale: Float32Array;
}

/** How a network reads its sensors. */
export interface RecognizedEncoders {
  /** By sensor. */
  readonly normalizers: ReadonlyMap<number, RecognizedNormalizer>;
  /** Null where there are no images. */
  readonly visualEncoder: VisualEncoderName | null;
  /** Which sensor each piece of code comes from, entities left out. */
  readonly sensors: ReadonlyMap<string, number>;
}

const normalizedLimit = 5;

/** Takes out the encoders of all sensors, whose codes stand in order. */
export function recognizeEncoders(
  code: string,
  observations: readonly ModelObservation[],
  hiddenUnits: number,
  reader: PatternReader,
  weights: RecognizedWeights,
): RecognizedEncoders {
  const normalizers = new Map<number, RecognizedNormalizer>();
  const sensors = new Map<string, number>();
  let visualEncoder: VisualEncoderName | null = null;
  const pieces = reader.pieces(code);
  const entities = observations.some(({ shape }) => shape.length === 2)
    ? pieces.at(-1)
    : undefined;
  for (const piece of pieces) {
    if (piece === entities) continue;
    const sensor = onlySensor(piece, reader);
    sensors.set(piece, sensor);
    const { shape } = observations[sensor];
    if (shape.length === 3) {
      const name = recognizeImages(sensor, piece, {
        shape,
        hiddenUnits,
        reader,
        weights,
      });
      if (visualEncoder !== null && visualEncoder !== name) {
        throw new Unrecognized("images that are read in different ways");
      }
      visualEncoder = name;
    } else if (reader.isFrom(piece, "Clip")) {
      normalizers.set(sensor, readNormalizer(piece, reader));
    } else if (piece !== `obs_${sensor}`) {
      const { opType } = reader.expect(piece, "Clip");
      throw new Unrecognized(`${opType} of obs_${sensor}`);
    }
  }
  const expected = observations.keys()
    .filter((sensor) => observations[sensor].shape.length !== 2);
  if ([...sensors.values()].join() !== [...expected].join()) {
    throw new Unrecognized("observations in another order");
  }
  if (entities !== undefined) {
    // Empty vectors say nothing, to entities neither.
    const others = [...sensors].filter(([, sensor]) =>
      !observations[sensor].shape.includes(0)
    ).map(([piece]) => piece);
    recognizeEntities(entities, others, reader, weights);
  }
  return { normalizers, visualEncoder, sensors };
}

/** The only sensor that a value depends on. */
function onlySensor(value: string, reader: PatternReader): number {
  const [name, ...others] = reader.sources(value);
  if (others.length === 0 && name?.startsWith("obs_")) {
    return Number(name.slice("obs_".length));
  }
  throw new Unrecognized("observations that are mixed before the body");
}

/** (x - mean) / deviation, or times its inverse as we write it. */
function readNormalizer(
  value: string,
  reader: PatternReader,
): RecognizedNormalizer {
  const inner = reader.clipped(value, -normalizedLimit, normalizedLimit);
  const { opType, input: [shifted, factor] } = reader.expect(
    inner,
    "Div",
    "Mul",
  );
  const { input: [, mean] } = reader.expect(shifted, "Sub");
  const { data } = reader.requireFloats(factor);
  return {
    mean: reader.requireFloats(mean).data,
    scale: opType === "Div" ? data.map((deviation) => 1 / deviation) : data,
  };
}

/** Tells the encoders apart by the shapes of their weights, in order. */
function recognizeImages(
  sensor: number,
  code: string,
  { shape, hiddenUnits, reader, weights }: {
    readonly shape: readonly number[];
    readonly hiddenUnits: number;
    readonly reader: PatternReader;
    readonly weights: RecognizedWeights;
  },
): VisualEncoderName {
  const found: Floats[] = [];
  for (
    const { opType, input, output: [value] } of reader.graph.ancestors([code])
  ) {
    if (opType === "Conv") {
      found.push(...input.slice(1).map((each) => reader.requireFloats(each)));
    } else if (opType === "Gemm") {
      const { weight, bias } = reader.requireLinear(value);
      found.push(weight, { data: bias, dims: [bias.length] });
    }
  }
  const shapes = found.map(({ dims }) => dims.join());
  const side = Math.min(...shape.slice(1));
  for (const name of encoderNames) {
    const { encode, smallestSide } = visualEncoders[name];
    if (side < smallestSide) continue;
    const parameters = collectParameters((scope) =>
      encode(
        scope.at("encoder").at("visual").at(sensor),
        input("images", ["batch", ...shape]),
        hiddenUnits,
      )
    );
    const expected = parameters.map(({ shape }) => shape.join());
    if (expected.join(";") !== shapes.join(";")) continue;
    parameters.forEach(({ name }, i) => weights.add(name, found[i]));
    return name;
  }
  throw new Unrecognized(
    `images read by weights of the shapes ${
      found.map(({ dims }) => `[${dims.join(", ")}]`).join(", ")
    }`,
  );
}

const encoderNames = [
  "simple",
  "nature_cnn",
  "resnet",
  "match3",
  "fully_connected",
] as const satisfies readonly VisualEncoderName[];
