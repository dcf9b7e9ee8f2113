/** What the messages of both directions share. */
import { type Reader, readNested } from "./message_reader.ts";
import type { MessageWriter } from "./message_writer.ts";
import {
  Capabilities,
  type Capability,
  Header,
  MapEntry,
  UnityMessage,
} from "./tags.ts";

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

/** All that there are, in the order of their fields. */
export const allCapabilities: readonly Capability[] = [
  "base",
  "concatenatedPngs",
  "compressedChannelMapping",
  "hybridActions",
  "trainingAnalytics",
  "variableLengthObservations",
  "multiAgentGroups",
];

/** What a trainer can do: everything but analytics, which it never sends. */
const trainerCapabilities = allCapabilities.filter((each) =>
  each !== "trainingAnalytics"
);

/** Writes what the sender can do, in the order of {@link allCapabilities}. */
export function writeCapabilities(
  writer: MessageWriter,
  tag: number,
  capabilities: readonly Capability[] = trainerCapabilities,
): void {
  const message = writer.open(tag);
  for (const each of capabilities) writer.bool(Capabilities[each], true);
  writer.close(message);
}

/** Reads what the sender can do. */
export function readCapabilities(reader: Reader): Set<Capability> {
  const found = new Set<Capability>();
  readNested(reader, (tag) => {
    const name = allCapabilities.find((each) => Capabilities[each] === tag);
    if (!name) return false;
    if (reader.bool()) found.add(name);
    else found.delete(name);
  });
  return found;
}
