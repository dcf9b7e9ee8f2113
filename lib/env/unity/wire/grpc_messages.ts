/** gRPC's way of putting one message into an HTTP/2 body, and its headers. */
import { EXCHANGE_PATH } from "../messages/tags.ts";
import { encodeHeaders, getUint32, putUint32 } from "./http2_frames.ts";

/** In front of each message: one byte "not compressed", four for the length. */
export const GRPC_PREFIX_SIZE = 5;

/** Outcomes of a call, as gRPC numbers them. */
export const GrpcStatus = {
  ok: 0,
  resourceExhausted: 8,
  unimplemented: 12,
} as const;

/** The message with its prefix. */
export function toBody(message: Uint8Array): Uint8Array {
  const body = new Uint8Array(GRPC_PREFIX_SIZE + message.length);
  putUint32(body, 1, message.length);
  body.set(message, GRPC_PREFIX_SIZE);
  return body;
}

/** How long the message is, by its prefix. */
export function messageLength(body: Uint8Array): number {
  return getUint32(body, 1);
}

/** The message in a body; null unless it is whole and not compressed. */
export function fromBody(body: Uint8Array): Uint8Array | null {
  const length = body.length - GRPC_PREFIX_SIZE;
  return length >= 0 && body[0] === 0 && messageLength(body) === length
    ? body.subarray(GRPC_PREFIX_SIZE)
    : null;
}

/** The header fields of a call. */
export function requestHeaders(authority: string): Uint8Array {
  return encodeHeaders({
    ":method": "POST",
    ":scheme": "http",
    ":path": EXCHANGE_PATH,
    ":authority": authority,
    "content-type": "application/grpc",
    "te": "trailers",
  });
}

const response = { ":status": "200", "content-type": "application/grpc" };

/** The header fields in front of an answer. */
export const responseHeaders = encodeHeaders(response);

/** The header fields behind an answer. */
export const responseTrailers = encodeHeaders({
  "grpc-status": String(GrpcStatus.ok),
});

/** The header fields of an answer without a message. */
export function refusal(status: number, details: string): Uint8Array {
  return encodeHeaders({
    ...response,
    "grpc-status": String(status),
    "grpc-message": details,
  });
}
