import type { Socket } from "node:net";
import { within } from "../../../util/within.ts";
import { BodyBuffer } from "./body_buffer.ts";
import { GRPC_PREFIX_SIZE } from "./grpc_messages.ts";
import {
  CONNECTION_PREFACE,
  DEFAULT_MAX_FRAME,
  DEFAULT_WINDOW,
  encodeFrame,
  encodeFrameHeader,
  encodeReset,
  encodeSetting,
  encodeWindowUpdate,
  type Frame,
  FrameFlag,
  FrameReader,
  FrameType,
  getUint32,
  join,
  MAX_WINDOW,
  Setting,
} from "./http2_frames.ts";

/** What happens on a connection. */
export interface Http2Listener {
  /** The whole body of the present call; null = it was too big to keep. */
  onBody(body: Uint8Array | null): void;
  /** The present call has failed: what the other side did. */
  onFailure(what: string): void;
}

/** Camera images of many agents come to many MiB. */
const MAX_BODY = 64 * 1024 * 1024 + GRPC_PREFIX_SIZE;
/** Bytes that the other side may send before it hears from us again. */
const RECEIVE_WINDOW = 16 * 1024 * 1024;
/** Bytes of a frame: the largest that HTTP/2 knows. */
const LARGEST_FRAME = 16 * 1024 * 1024 - 1;
/** Milliseconds that the other side has to take what was sent at last. */
const FLUSH_TIME = 500;
/** HTTP/2's code for a stream that was not even looked at. */
const REFUSED_STREAM = 7;

/**
 * HTTP/2 over a socket, one call at a time: all that unary gRPC calls need
 * which follow each other. The other side's header fields are not looked at,
 * so it may encode them as it likes.
 */
export class Http2Connection {
  readonly #socket: Socket;
  readonly #listener: Http2Listener;
  readonly #isServer: boolean;
  readonly #closed = Promise.withResolvers<void>();
  readonly #frames = new FrameReader();
  /** Bytes of the client's preface that are still to come. */
  #prefaceLeft: number;
  /** The stream of the present call; 0 between calls. */
  #stream = 0;
  #lastStream = -1;
  readonly #received = new BodyBuffer(MAX_BODY);
  /** What the other side has no room for yet, and what follows it. */
  #unsent: Uint8Array = new Uint8Array();
  #trailers: Uint8Array | null = null;
  #connectionWindow = DEFAULT_WINDOW;
  #streamWindow = DEFAULT_WINDOW;
  #initialWindow = DEFAULT_WINDOW;
  #maxFrame = DEFAULT_MAX_FRAME;
  /** Bytes that the other side has to be allowed to send again. */
  #consumed = 0;

  constructor(
    socket: Socket,
    role: "client" | "server",
    listener: Http2Listener,
  ) {
    this.#socket = socket;
    this.#listener = listener;
    this.#isServer = role === "server";
    this.#prefaceLeft = this.#isServer ? CONNECTION_PREFACE.length : 0;
    socket.on("data", this.#onData);
    socket.on("error", () => {});
    socket.on("close", () => {
      this.#closed.resolve();
      listener.onFailure("has closed the connection");
    });
    socket.write(join(
      this.#isServer ? new Uint8Array() : CONNECTION_PREFACE,
      encodeSetting(Setting.initialWindowSize, MAX_WINDOW),
      encodeSetting(Setting.maxFrameSize, LARGEST_FRAME),
      encodeWindowUpdate(RECEIVE_WINDOW - DEFAULT_WINDOW),
    ));
  }

  /** Client: begins a call. */
  request(headers: Uint8Array, body: Uint8Array): void {
    this.#lastStream += 2;
    this.#begin(this.#lastStream);
    this.#send(headers, body, null);
  }

  /** Server: answers the present call, unless it has been cancelled. */
  respond(headers: Uint8Array, body: Uint8Array, trailers: Uint8Array): void {
    if (this.#stream !== 0) this.#send(headers, body, trailers);
  }

  /** Server: answers the present call with header fields alone. */
  refuse(headers: Uint8Array): void {
    if (this.#stream === 0) return;
    this.#socket.write(this.#lastHeaders(headers));
    this.#stream = 0;
  }

  /** Ends the connection as soon as what was sent is on its way. */
  async close(): Promise<void> {
    this.#socket.destroySoon();
    await within(FLUSH_TIME, this.#closed.promise);
    this.destroy();
  }

  /** Ends the connection at once. */
  destroy(): void {
    this.#socket.destroy();
  }

  #begin(stream: number): void {
    this.#stream = stream;
    this.#streamWindow = this.#initialWindow;
    this.#received.clear();
  }

  #send(
    headers: Uint8Array,
    body: Uint8Array,
    trailers: Uint8Array | null,
  ): void {
    const { headers: type } = FrameType;
    this.#unsent = body;
    this.#trailers = trailers;
    this.#flush(encodeFrame(type, FrameFlag.endHeaders, this.#stream, headers));
  }

  /** Sends `first` and as much of the body as the other side has room for. */
  #flush(first: Uint8Array | null): void {
    const parts = first ? [first] : [];
    while (this.#unsent.length > 0) {
      const size = Math.min(
        this.#unsent.length,
        this.#maxFrame,
        this.#streamWindow,
        this.#connectionWindow,
      );
      if (size <= 0) break;
      const isLast = size === this.#unsent.length;
      const flags = isLast && !this.#trailers ? FrameFlag.endStream : 0;
      parts.push(
        encodeFrameHeader(FrameType.data, flags, this.#stream, size),
        this.#unsent.subarray(0, size),
      );
      this.#unsent = this.#unsent.subarray(size);
      this.#streamWindow -= size;
      this.#connectionWindow -= size;
    }
    if (this.#trailers && this.#unsent.length === 0) {
      parts.push(this.#lastHeaders(this.#trailers));
      this.#trailers = null;
      this.#stream = 0;
    }
    if (parts.length > 0) this.#socket.write(join(...parts));
  }

  #lastHeaders(headers: Uint8Array): Uint8Array {
    const flags = FrameFlag.endHeaders | FrameFlag.endStream;
    return encodeFrame(FrameType.headers, flags, this.#stream, headers);
  }

  #onData = (chunk: Uint8Array): void => {
    const frames = this.#prefaceLeft > 0 ? this.#takePreface(chunk) : chunk;
    this.#frames.read(frames, (frame) => this.#onFrame(frame));
    if (this.#consumed > RECEIVE_WINDOW / 2) {
      this.#socket.write(encodeWindowUpdate(this.#consumed));
      this.#consumed = 0;
    }
  };

  /** What follows the preface; who does not know it is sent away. */
  #takePreface(chunk: Uint8Array): Uint8Array {
    const part = chunk.subarray(0, this.#prefaceLeft);
    const start = CONNECTION_PREFACE.length - this.#prefaceLeft;
    if (part.some((byte, i) => byte !== CONNECTION_PREFACE[start + i])) {
      this.destroy();
      return new Uint8Array();
    }
    this.#prefaceLeft -= part.length;
    return chunk.subarray(part.length);
  }

  #onFrame({ type, flags, stream, payload }: Frame): void {
    const isAcknowledged = (flags & FrameFlag.acknowledged) !== 0;
    const { acknowledged } = FrameFlag;
    switch (type) {
      case FrameType.headers:
        if (this.#isServer && stream !== this.#stream) this.#onCall(stream);
        if (flags & FrameFlag.endStream) this.#onEnd(stream);
        break;
      case FrameType.data:
        this.#consumed += payload.length;
        if (stream === this.#stream) this.#onPart(flags, payload);
        if (flags & FrameFlag.endStream) this.#onEnd(stream);
        break;
      case FrameType.settings:
        if (!isAcknowledged) this.#onSettings(payload);
        break;
      case FrameType.ping:
        if (!isAcknowledged) {
          this.#socket.write(encodeFrame(type, acknowledged, 0, payload));
        }
        break;
      case FrameType.windowUpdate:
        if (stream === 0) this.#connectionWindow += getUint32(payload, 0);
        else if (stream === this.#stream) {
          this.#streamWindow += getUint32(payload, 0);
        }
        this.#flush(null);
        break;
      case FrameType.resetStream:
        if (stream === this.#stream) {
          this.#fail(`ended the call (HTTP/2 error ${getUint32(payload, 0)})`);
        }
        break;
      case FrameType.goAway:
        if (getUint32(payload, 4) !== 0) {
          this.#fail(
            `ended the connection (HTTP/2 error ${getUint32(payload, 4)})`,
          );
        }
        break;
    }
  }

  #onCall(stream: number): void {
    if (this.#stream === 0) this.#begin(stream);
    else this.#socket.write(encodeReset(stream, REFUSED_STREAM));
  }

  #onPart(flags: number, payload: Uint8Array): void {
    const part = flags & FrameFlag.padded
      ? payload.subarray(1, payload.length - payload[0])
      : payload;
    this.#received.add(part);
  }

  #onEnd(stream: number): void {
    if (stream !== this.#stream) return;
    const body = this.#received.take();
    if (!this.#isServer) this.#endCall();
    this.#listener.onBody(body);
  }

  #onSettings(payload: Uint8Array): void {
    for (let at = 0; at + 6 <= payload.length; at += 6) {
      const value = getUint32(payload, at + 2);
      if (payload[at + 1] === Setting.initialWindowSize) {
        this.#streamWindow += value - this.#initialWindow;
        this.#initialWindow = value;
      } else if (payload[at + 1] === Setting.maxFrameSize) {
        this.#maxFrame = value;
      }
    }
    const { settings: type } = FrameType;
    const { acknowledged } = FrameFlag;
    this.#flush(encodeFrame(type, acknowledged, 0, new Uint8Array()));
  }

  #fail(what: string): void {
    this.#endCall();
    this.#listener.onFailure(what);
  }

  #endCall(): void {
    this.#stream = 0;
    this.#unsent = new Uint8Array();
    this.#trailers = null;
  }
}
