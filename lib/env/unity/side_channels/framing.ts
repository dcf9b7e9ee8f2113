/**
 * Side channels: messages about the game, beside observations and actions.
 * They travel as one block of bytes: channel id, length, payload, and so on.
 */
import { UserError } from "../../../errors.ts";
import { PayloadReader, PayloadWriter } from "./payload.ts";

/** The channels that ML-Agents itself defines. */
export const Channel = {
  engineConfiguration: "e951342c-4f7e-11ea-b238-784f4387d1f7",
  environmentParameters: "534c891e-810f-11ea-a9d0-822485860400",
  floatProperties: "60ccf7d0-4f7e-11ea-b238-784f4387d1f7",
  statistics: "a1d8f7b7-cec8-50f9-b78b-d3e165a78520",
} as const;

export interface SideChannelMessage {
  /** The channel's UUID, in small letters. */
  readonly channel: string;
  readonly payload: Uint8Array;
}

/** Bytes of a channel id and of a length. */
const idSize = 16, headSize = 20;

/** How many bytes an error shows. */
const shownBytes = 24;

/** Joins messages into one block. */
export function joinMessages(
  messages: readonly SideChannelMessage[],
): Uint8Array {
  const block = new PayloadWriter();
  for (const { channel, payload } of messages) {
    block.raw(guidBytes(channel)).int32(payload.length).raw(payload);
  }
  return block.finish();
}

/** Takes a block apart; throws a UserError if it is damaged. */
export function splitMessages(block: Uint8Array): SideChannelMessage[] {
  const reader = new PayloadReader(block);
  const messages: SideChannelMessage[] = [];
  while (!reader.atEnd) {
    const start = block.subarray(block.length - reader.remaining);
    if (start.length < headSize) {
      throw damaged(start, "id and length take 20 bytes");
    }
    const channel = guidText(reader.raw(idSize));
    const length = reader.int32();
    if (length < 0 || length > reader.remaining) {
      throw damaged(start, `a payload of ${length} bytes`, channel);
    }
    messages.push({ channel, payload: reader.raw(length) });
  }
  return messages;
}

/** Bytes as people read them: `2c 34 51`, the first ones of many. */
export function hexText(bytes: Uint8Array): string {
  const digits = Array.from(
    bytes.subarray(0, shownBytes),
    (byte) => byte.toString(16).padStart(2, "0"),
  );
  return [...digits, ...bytes.length > shownBytes ? ["..."] : []].join(" ");
}

function damaged(
  bytes: Uint8Array,
  expected: string,
  channel?: string,
): UserError {
  return new UserError({
    what: "A side-channel message is damaged",
    path: channel && `side channel ${channel}`,
    found: `${bytes.length} bytes from its start on: ${hexText(bytes)}`,
    allowed: `the whole message: ${expected}`,
    cure: "Check the custom side channels of the sender.",
  });
}

/** Where each of the 16 bytes stands in the UUID's text (.NET's order). */
const byteOrder = [3, 2, 1, 0, 5, 4, 7, 6, 8, 9, 10, 11, 12, 13, 14, 15];

function guidBytes(uuid: string): Uint8Array {
  const digits = uuid.replaceAll("-", "");
  return Uint8Array.from(
    byteOrder,
    (at) => parseInt(digits.slice(2 * at, 2 * at + 2), 16),
  );
}

function guidText(bytes: Uint8Array): string {
  const digits = byteOrder
    .map((at) => bytes[at].toString(16).padStart(2, "0")).join("");
  return digits.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}
