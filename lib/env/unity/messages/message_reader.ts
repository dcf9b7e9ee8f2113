import { Reader } from "protobufjs/minimal.js";
import { UserError } from "../../../errors.ts";
import { unpacked, WireType } from "./tags.ts";

export { Reader };

/** Reads a length and says where the message that starts here ends. */
export function messageEnd(reader: Reader): number {
  const length = reader.size();
  const end = reader.pos + length;
  if (end > reader.len) throw new RangeError("a message is cut off");
  return end;
}

/**
 * Reads the fields up to `end`: calls `visit` with each one's tag, the reader
 * being at its value. `visit` reads the value, or returns false to skip it.
 */
export function readFields(
  reader: Reader,
  end: number,
  visit: (tag: number) => boolean | void,
): void {
  while (reader.pos < end) {
    const tag = reader.tag();
    if (visit(tag) === false) reader.skipType(tag & 7);
  }
  checkEnd(reader, end);
}

/** The same for a nested message, whose length comes first. */
export function readNested(
  reader: Reader,
  visit: (tag: number) => boolean | void,
): void {
  readFields(reader, messageEnd(reader), visit);
}

/** Throws if a field ran over the end of its message. */
export function checkEnd(reader: Reader, end: number): void {
  if (reader.pos !== end) throw new RangeError("a field exceeds its message");
}

/**
 * Adds the values of a repeated int32 field to `values`, be they packed or
 * single. Returns false, having read nothing, if `tag` is another field's.
 */
export function readInt32s(
  reader: Reader,
  tag: number,
  packedTag: number,
  values: number[],
): boolean {
  if (tag === packedTag) {
    const end = messageEnd(reader);
    while (reader.pos < end) values.push(reader.int32());
    checkEnd(reader, end);
    return true;
  }
  if (tag !== unpacked(packedTag, WireType.varint)) return false;
  values.push(reader.int32());
  return true;
}

/**
 * Runs `read` on a message of the other side. Whatever goes wrong becomes a
 * UserError that says whose message was damaged.
 */
export function readMessage<T>(
  sender: "player" | "trainer",
  bytes: Uint8Array,
  read: (reader: Reader) => T,
): T {
  try {
    return read(Reader.create(bytes));
  } catch (error) {
    if (error instanceof UserError || error instanceof TypeError) throw error;
    throw new UserError({
      what: `The ${sender} sent a message that cannot be read`,
      found: `${bytes.length} bytes, ` +
        (error instanceof Error ? error.message : String(error)),
      allowed: "UnityMessageProto of ML-Agents",
      cure: "Is something else than an ML-Agents " +
        `${sender} talking to this port?`,
    }, { cause: error });
  }
}
