/**
 * The protobuf messages of TensorBoard's event files (package tensorboard:
 * Event, Summary, HistogramProto, TensorProto), as far as they are written.
 * Field numbers are those of the published definitions.
 */
import { Writer } from "protobufjs/minimal.js";
import type { Histogram } from "./histogram.ts";

/** One tagged value of a summary. */
export type SummaryValue =
  & { readonly tag: string }
  & (
    | { readonly scalar: number }
    | { readonly histogram: Histogram }
    | { readonly text: string }
  );

const WireType = { bytes: 2, fixed64: 1, fixed32: 5, varint: 0 } as const;

/** `DT_STRING` of TensorProto's element types. */
const STRING_TYPE = 7;

/** The first record of a file: its format version. `wallTime` in seconds. */
export function encodeVersionEvent(wallTime: number): Uint8Array {
  return startEvent(wallTime, 0)
    .uint32(tag(3, WireType.bytes)).string("brain.Event:2")
    .finish();
}

/** Values that belong to one step. `wallTime` in seconds since 1970. */
export function encodeSummaryEvent(
  wallTime: number,
  step: number,
  values: readonly SummaryValue[],
): Uint8Array {
  const event = startEvent(wallTime, step);
  event.uint32(tag(5, WireType.bytes)).fork();
  for (const value of values) {
    event.uint32(tag(1, WireType.bytes)).fork();
    writeValue(event, value);
    event.ldelim();
  }
  return event.ldelim().finish();
}

function tag(field: number, wireType: number): number {
  return field << 3 | wireType;
}

function startEvent(wallTime: number, step: number): Writer {
  return Writer.create()
    .uint32(tag(1, WireType.fixed64)).double(wallTime)
    .uint32(tag(2, WireType.varint)).int64(step);
}

function writeValue(writer: Writer, value: SummaryValue): void {
  writer.uint32(tag(1, WireType.bytes)).string(value.tag);
  if ("scalar" in value) {
    writer.uint32(tag(2, WireType.fixed32)).float(value.scalar);
  } else if ("histogram" in value) {
    writer.uint32(tag(5, WireType.bytes)).fork();
    writeHistogram(writer, value.histogram);
    writer.ldelim();
  } else {
    writeText(writer, value.text);
  }
}

function writeHistogram(writer: Writer, histogram: Histogram): void {
  const { min, max, count, sum, sumOfSquares } = histogram;
  [min, max, count, sum, sumOfSquares].forEach((figure, i) =>
    writer.uint32(tag(i + 1, WireType.fixed64)).double(figure)
  );
  [histogram.bucketLimits, histogram.bucketCounts].forEach((list, i) => {
    writer.uint32(tag(i + 6, WireType.bytes)).fork();
    list.forEach((figure) => writer.double(figure));
    writer.ldelim();
  });
}

/** A string tensor of shape [1], shown by TensorBoard's text plugin. */
function writeText(writer: Writer, text: string): void {
  writer.uint32(tag(8, WireType.bytes)).fork()
    .uint32(tag(1, WireType.varint)).int32(STRING_TYPE)
    .uint32(tag(2, WireType.bytes)).fork() // the shape
    .uint32(tag(2, WireType.bytes)).fork() // its only dimension
    .uint32(tag(1, WireType.varint)).int64(1)
    .ldelim().ldelim()
    .uint32(tag(8, WireType.bytes)).string(text)
    .ldelim();
  writer.uint32(tag(9, WireType.bytes)).fork() // the metadata
    .uint32(tag(1, WireType.bytes)).fork() // the plugin's data
    .uint32(tag(1, WireType.bytes)).string("text")
    .ldelim().ldelim();
}
