/** What the messages of both directions share. */
import { type Reader, readNested } from "./message_reader.ts";
import type { MessageWriter } from "./message_writer.ts";
import { Capabilities, Header, MapEntry, UnityMessage } from "./tags.ts";

/** A part of a message, from byte `start` to `end`, that is read later. */
export interface NamedPart {
  readonly behavior: string;
  readonly start: number;
  readonly end: number;
}

/** Reads a map entry's key and where its value lies. */
export function readMapEntry(reader: Reader): NamedPart {
  let behavior = "";
  let start = reader.pos;
  let end = start;
  readNested(reader, (tag) => {
    if (tag === MapEntry.key) behavior = reader.string();
    else if (tag === MapEntry.value) {
      const length = reader.size();
      start = reader.pos;
      end = start + length;
      reader.skip(length);
    } else return false;
  });
  return { behavior, start, end };
}

/** Reads the header; a message without one has status 0. */
export function readStatus(reader: Reader): number {
  let status = 0;
  readNested(reader, (tag) => {
    if (tag === Header.status) status = reader.int32();
    else return false;
  });
  return status;
}

export function writeHeader(writer: MessageWriter, status: number): void {
  const header = writer.open(UnityMessage.header);
  writer.int32(Header.status, status);
  writer.close(header);
}

/** Writes that everything is supported but analytics, which nobody sends. */
export function writeCapabilities(writer: MessageWriter, tag: number): void {
  const capabilities = writer.open(tag);
  for (const flag of Object.values(Capabilities)) {
    writer.bool(flag, flag !== Capabilities.trainingAnalytics);
  }
  writer.close(capabilities);
}
