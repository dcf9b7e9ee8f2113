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
  statistics: "a1d8f7b7-cec8-50f9-b78b-d3e165a78520",
} as const;

export interface SideChannelMessage {
  /** The channel's UUID, in small letters. */
  readonly channel: string;
  readonly payload: Uint8Array;
}

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
  try {
    while (!reader.atEnd) {
      const channel = guidText(reader.raw(16));
      const length = new PayloadReader(reader.raw(4)).int32();
      messages.push({ channel, payload: reader.raw(length) });
    }
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new UserError({
      what: "A side-channel message is damaged",
      found: `${block.length} bytes, ${error.message}`,
      cure: "Check the custom side channels of the Unity project.",
    }, { cause: error });
  }
  return messages;
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
