/** Reads `ObservationProto` with uncompressed values. */
import { DimensionProperty, type ObservationSpec } from "../../../spec.ts";
import {
  checkEnd,
  messageEnd,
  type Reader,
  readInt32s,
  readNested,
} from "./message_reader.ts";
import {
  FloatData,
  Observation,
  ObservationKind,
  unpacked,
  WireType,
} from "./tags.ts";

const SINGLE_VALUE = unpacked(FloatData.data, WireType.fixed32);

/** Reads what an observation says about its sensor, but not its values. */
export function readObservationSpec(reader: Reader): ObservationSpec {
  let name = "";
  let goal = false;
  const shape: number[] = [];
  const dimensionProperties: number[] = [];
  readNested(reader, (tag) => {
    if (
      readInt32s(reader, tag, Observation.shape, shape) ||
      readInt32s(
        reader,
        tag,
        Observation.dimensionProperties,
        dimensionProperties,
      )
    ) return;
    if (tag === Observation.name) name = reader.string();
    else if (tag === Observation.observationType) {
      goal = reader.int32() === ObservationKind.goal;
    } else return false;
  });
  while (dimensionProperties.length < shape.length) {
    dimensionProperties.push(DimensionProperty.unspecified);
  }
  return {
    name,
    shape,
    dimensionProperties,
    observationType: goal ? "goal" : "default",
  };
}

/**
 * Copies an observation's values to `target[offset ...]`, at most `size` of
 * them. Returns how many there are.
 */
export function readObservation(
  reader: Reader,
  target: Float32Array,
  offset: number,
  size: number,
): number {
  const end = messageEnd(reader);
  let count = 0;
  while (reader.pos < end) {
    const tag = reader.tag();
    if (tag === Observation.floatData) {
      count = readFloatData(reader, target, offset, size);
    } else reader.skipType(tag & 7);
  }
  checkEnd(reader, end);
  return count;
}

function readFloatData(
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
  while (reader.pos < end) {
    const tag = reader.tag();
    if (tag === FloatData.data) {
      const stop = messageEnd(reader);
      let at = reader.pos;
      for (; at + 4 <= stop; at += 4, count++) {
        if (count < size) target[offset + count] = view.getFloat32(at, true);
      }
      reader.pos = at;
      checkEnd(reader, stop);
    } else if (tag === SINGLE_VALUE) {
      if (count < size) target[offset + count] = reader.float();
      else reader.skip(4);
      count++;
    } else reader.skipType(tag & 7);
  }
  checkEnd(reader, end);
  return count;
}
