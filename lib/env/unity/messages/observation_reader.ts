/** Reads the values of `ObservationProto`. */
import { observationSize } from "../../../spec.ts";
import { type ImagePlan, planImage } from "../images/image_plan.ts";
import { ObservationError } from "../observation_error.ts";
import type { Sensor } from "../sensor.ts";
import {
  checkEnd,
  messageEnd,
  type Reader,
  readInt32s,
} from "./message_reader.ts";
import { MessageWriter } from "./message_writer.ts";
import { FloatData, Observation, unpacked, WireType } from "./tags.ts";

const SINGLE_VALUE = unpacked(FloatData.data, WireType.fixed32);
const SINGLE_SIZE = unpacked(Observation.shape, WireType.varint);
const SINGLE_MAPPING = unpacked(
  Observation.compressedChannelMapping,
  WireType.varint,
);

/** Reads the observations of one sensor, one agent's after the other. */
export class ObservationReader {
  /** Number of values of one observation. */
  readonly size: number;
  /** Where the PNG files that `read` has found start and end. */
  pngStart = 0;
  pngEnd = 0;
  readonly #sensor: Sensor;
  /** The field that announces the shape, as it stands in messages. */
  readonly #shapeField: Uint8Array;
  /** The numbers of an image whose channels come last; null = as they are. */
  readonly #channelsLast: Float32Array | null;
  #plan: ImagePlan | null = null;
  #mapping: readonly number[] = [];

  constructor(sensor: Sensor) {
    this.#sensor = sensor;
    this.size = observationSize(sensor.spec);
    const writer = new MessageWriter();
    writer.int32s(Observation.shape, sensor.announcedShape);
    this.#shapeField = writer.message.slice();
    const isTurned = sensor.floatOrder === "HWC" && sensor.spec.shape[0] > 1;
    this.#channelsLast = isTurned ? new Float32Array(this.size) : null;
  }

  /**
   * Reads the observation whose length the reader is at. Plain numbers go to
   * `target[offset ...]`; PNG files are decoded later, by the plan that is
   * returned. Throws an ObservationError if the observation is not like the
   * first one or holds what is no finite number.
   */
  read(
    reader: Reader,
    target: Float32Array,
    offset: number,
  ): ImagePlan | null {
    const end = messageEnd(reader);
    let shape: number[] | null = this.#skipShape(reader) ? null : [];
    let mapping: number[] | null = null;
    let isPng = false;
    let count = 0;
    while (reader.pos < end) {
      const tag = reader.tag();
      switch (tag) {
        case Observation.floatData:
          isPng = false;
          count = readFloats(
            reader,
            this.#channelsLast ?? target,
            this.#channelsLast ? 0 : offset,
            this.size,
          );
          break;
        case Observation.compressedData:
          isPng = true;
          this.pngEnd = messageEnd(reader);
          this.pngStart = reader.pos;
          reader.pos = this.pngEnd;
          break;
        case Observation.compressedChannelMapping:
        case SINGLE_MAPPING:
          mapping ??= [];
          readInt32s(
            reader,
            tag,
            Observation.compressedChannelMapping,
            mapping,
          );
          break;
        case Observation.shape:
        case SINGLE_SIZE:
          shape ??= [];
          readInt32s(reader, tag, Observation.shape, shape);
          break;
        default:
          reader.skipType(tag & 7);
      }
    }
    checkEnd(reader, end);
    if (shape) this.#checkShape(shape);
    if (isPng) return this.#planImage(mapping ?? []);
    this.#finishFloats(count, target, offset);
    return null;
  }

  /** Steps over a shape that is as it was, as it is in all but bad messages. */
  #skipShape(reader: Reader): boolean {
    const field = this.#shapeField;
    const { buf, pos } = reader;
    for (let i = 0; i < field.length; i++) {
      if (buf[pos + i] !== field[i]) return false;
    }
    reader.pos = pos + field.length;
    return true;
  }

  #checkShape(found: readonly number[]): void {
    const { announcedShape } = this.#sensor;
    if (
      found.length === announcedShape.length &&
      found.every((size, i) => size === announcedShape[i])
    ) return;
    throw new ObservationError({
      what: "the shape has changed",
      found: `[${found.join(", ")}]`,
      allowed: `[${announcedShape.join(", ")}], as in the first message`,
      cure: "Give all agents of one behavior the same sensors.",
    });
  }

  /** The same plan as before where it fits, as it nearly always does. */
  #planImage(mapping: readonly number[]): ImagePlan {
    const { shape } = this.#sensor.spec;
    if (shape.length !== 3) {
      throw new ObservationError({
        what: "compressed data came where no image can be",
        found: `shape [${shape.join(", ")}]`,
        allowed: "an image's shape, which has three dimensions",
      });
    }
    const known = this.#mapping;
    if (
      !this.#plan || mapping.length !== known.length ||
      mapping.some((channel, i) => channel !== known[i])
    ) {
      this.#plan = planImage(shape, mapping);
      this.#mapping = mapping;
    }
    return this.#plan;
  }

  /** Checks the numbers that came and puts an image's channels first. */
  #finishFloats(count: number, target: Float32Array, offset: number): void {
    if (count !== this.size) {
      throw new ObservationError({
        what: "the number of values is not what the shape says",
        found: String(count),
        allowed: String(this.size),
      });
    }
    if (!this.#channelsLast) return;
    const [channels] = this.#sensor.spec.shape;
    putChannelsFirst(this.#channelsLast, channels, target, offset);
  }
}

/**
 * Copies a `FloatData` to `target[offset ...]`, at most `size` values. Returns
 * how many there are. Throws an ObservationError that names the first one that
 * is not finite.
 */
function readFloats(
  reader: Reader,
  target: Float32Array,
  offset: number,
  size: number,
): number {
  const end = messageEnd(reader);
  const { buf } = reader;
  const view = reader.view ??= new DataView(
    buf.buffer,
    buf.byteOffset,
    buf.byteLength,
  );
  let count = 0;
  // Zero times a number is zero; times anything else it is not.
  let zero = 0;
  while (reader.pos < end) {
    const tag = reader.tag();
    if (tag === FloatData.data) {
      const stop = messageEnd(reader);
      let at = reader.pos;
      for (; at + 4 <= stop; at += 4, count++) {
        if (count >= size) continue;
        const value = view.getFloat32(at, true);
        target[offset + count] = value;
        zero += value * 0;
      }
      reader.pos = at;
      checkEnd(reader, stop);
    } else if (tag === SINGLE_VALUE) {
      const value = reader.float();
      if (count < size) {
        target[offset + count] = value;
        zero += value * 0;
      }
      count++;
    } else reader.skipType(tag & 7);
  }
  checkEnd(reader, end);
  if (zero !== 0) throw notFinite(target.subarray(offset, offset + size));
  return count;
}

/** Names the first value that is not a finite number. */
function notFinite(values: Float32Array): ObservationError {
  const index = values.findIndex((value) => !Number.isFinite(value));
  return new ObservationError({
    what: `value ${index} is not a finite number`,
    found: String(values[index]),
    cure: "Nothing is learned from it. Look for a division by zero where the " +
      "game fills the sensor.",
  });
}

/** `[height, width, channels]` to `target[offset ...]`, channels first. */
function putChannelsFirst(
  source: Float32Array,
  channels: number,
  target: Float32Array,
  offset: number,
): void {
  let to = offset;
  for (let channel = 0; channel < channels; channel++) {
    for (let i = channel; i < source.length; i += channels) {
      target[to++] = source[i];
    }
  }
}
