/** Writes `ObservationProto`: what one sensor sees, as values or as PNGs. */
import { observationSize, type ObservationSpec } from "../../../spec.ts";
import type { ImageOrder } from "../images/image_order.ts";
import { MessageWriter } from "./message_writer.ts";
import {
  AgentInfo,
  CompressionType,
  FloatData,
  Observation,
  ObservationKind,
} from "./tags.ts";

/** How players of one age describe what they see. */
export interface ObservationStyle {
  /** The order of the sizes that an image announces. */
  readonly imageShape: ImageOrder;
  /** The order of an image's values where it is no PNG. */
  readonly imageValues: ImageOrder;
  /** Tells names, types and the properties of dimensions, too. */
  readonly isDetailed: boolean;
}

/** As newer packages do, and as this project keeps observations. */
export const presentObservations: ObservationStyle = {
  imageShape: "CHW",
  imageValues: "CHW",
  isDetailed: true,
};

/** Writes the observations of one sensor; images have shape `[C, H, W]`. */
export class ObservationWriter {
  readonly #size: number;
  readonly #shape: Uint8Array;
  readonly #rest: Uint8Array;
  /** Where each value of an image comes from; null = they stay in order. */
  readonly #sources: Int32Array | null;
  readonly #values: Float32Array;

  constructor(
    spec: ObservationSpec,
    style: ObservationStyle = presentObservations,
  ) {
    this.#size = observationSize(spec);
    const isImage = spec.shape.length === 3;
    const inOrder = (sizes: readonly number[]) =>
      isImage && style.imageShape === "HWC"
        ? [...sizes.slice(1), sizes[0]]
        : sizes;
    const writer = new MessageWriter();
    writer.int32s(Observation.shape, inOrder(spec.shape));
    this.#shape = writer.message.slice();
    writer.clear();
    if (style.isDetailed) {
      const properties = inOrder(spec.dimensionProperties);
      writer.int32s(Observation.dimensionProperties, properties);
      if (spec.observationType === "goal") {
        writer.int32(Observation.observationType, ObservationKind.goal);
      }
      writer.string(Observation.name, spec.name);
    }
    this.#rest = writer.message.slice();
    this.#sources = isImage && style.imageValues === "HWC"
      ? channelsLast(spec.shape)
      : null;
    this.#values = new Float32Array(this.#sources ? this.#size : 0);
  }

  /** Adds row `row` of `values`, `[agents, size]`, to an agent's info. */
  write(writer: MessageWriter, values: Float32Array, row = 0): void {
    const observation = writer.open(AgentInfo.observations);
    writer.raw(this.#shape);
    const data = writer.open(Observation.floatData);
    const start = row * this.#size;
    if (this.#sources) {
      for (let i = 0; i < this.#size; i++) {
        this.#values[i] = values[start + this.#sources[i]];
      }
      writer.floats(FloatData.data, this.#values, 0, this.#size);
    } else writer.floats(FloatData.data, values, start, this.#size);
    writer.close(data);
    writer.raw(this.#rest);
    writer.close(observation);
  }

  /**
   * Adds PNG files, end to end, to an agent's info; `mapping` says which
   * channel of the observation each of their channels belongs to.
   */
  writePngs(
    writer: MessageWriter,
    files: readonly Uint8Array[],
    mapping: readonly number[],
  ): void {
    const observation = writer.open(AgentInfo.observations);
    writer.raw(this.#shape);
    writer.int32(Observation.compressionType, CompressionType.png);
    const data = writer.open(Observation.compressedData);
    for (const file of files) writer.raw(file);
    writer.close(data);
    writer.int32s(Observation.compressedChannelMapping, mapping);
    writer.raw(this.#rest);
    writer.close(observation);
  }
}

/** For each value in the order H, W, C its place in the order C, H, W. */
function channelsLast([channels, height, width]: readonly number[]) {
  const area = height * width;
  return Int32Array.from(
    { length: channels * area },
    (_, i) => (i % channels) * area + Math.floor(i / channels),
  );
}
