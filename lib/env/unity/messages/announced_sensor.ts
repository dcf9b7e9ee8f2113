/** What an `ObservationProto` says about its sensor. */
import { DimensionProperty, type ObservationSpec } from "../../../spec.ts";
import { ImageError } from "../images/image_error.ts";
import type { ImageSize } from "../images/image_order.ts";
import { readPngHeader } from "../images/png.ts";
import type { NamedPart } from "./envelope.ts";
import {
  messageEnd,
  type Reader,
  readFields,
  readInt32s,
  readNested,
} from "./message_reader.ts";
import { AgentInfo, AgentList, Observation, ObservationKind } from "./tags.ts";

/** A sensor as the first observation of its behavior announces it. */
export interface AnnouncedSensor {
  /** With the player's own layout of images. */
  readonly spec: ObservationSpec;
  /** Size of the first PNG file; null if the sensor sends none. */
  readonly pngSize: ImageSize | null;
}

/** What the first info of a behavior's list says about the sensors. */
export function readAnnouncedSensors(
  reader: Reader,
  { start, end }: NamedPart,
): AnnouncedSensor[] {
  const sensors: AnnouncedSensor[] = [];
  let found = false;
  reader.pos = start;
  readFields(reader, end, (tag) => {
    if (tag !== AgentList.value || found) return false;
    found = true;
    readNested(reader, (field) => {
      if (field !== AgentInfo.observations) return false;
      sensors.push(readAnnouncedSensor(reader));
    });
  });
  return sensors;
}

/** Reads the observation whose length the reader is at, but not its values. */
export function readAnnouncedSensor(reader: Reader): AnnouncedSensor {
  let name = "";
  let goal = false;
  let pngSize: ImageSize | null = null;
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
    } else if (tag === Observation.compressedData) {
      const end = messageEnd(reader);
      pngSize = sizeOfPng(reader.buf, reader.pos, end);
      reader.pos = end;
    } else return false;
  });
  while (dimensionProperties.length < shape.length) {
    dimensionProperties.push(DimensionProperty.unspecified);
  }
  return {
    spec: {
      name,
      shape,
      dimensionProperties,
      observationType: goal ? "goal" : "default",
    },
    pngSize,
  };
}

/** Null if the file is damaged, which is found and named when it is decoded. */
function sizeOfPng(
  bytes: Uint8Array,
  start: number,
  end: number,
): ImageSize | null {
  try {
    return readPngHeader(bytes, start, end);
  } catch (error) {
    if (error instanceof ImageError) return null;
    throw error;
  }
}
