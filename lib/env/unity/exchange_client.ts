import * as net from "node:net";
import { UserError } from "../../errors.ts";
import {
  CONNECTION_PREFACE,
  DEFAULT_MAX_FRAME,
  DEFAULT_WINDOW,
  encodeFrame,
  encodeSetting,
  encodeWindowUpdate,
  type Frame,
  FrameFlag,
  FrameReader,
  FrameType,
  getUint32,
  join,
  MAX_WINDOW,
  putUint32,
  Setting,
} from "./http2_frames.ts";
import { EXCHANGE_PATH } from "./messages/tags.ts";

/** Bytes that the trainer may send before it hears from us again. */
const RECEIVE_WINDOW = 16 * 1024 * 1024;
/** In front of each gRPC message: not compressed, length. */
const PREFIX_SIZE = 5;

/**
 * A player's end of the wire: a gRPC client for the one method of Unity's
 * protocol, one call at a time over one HTTP/2 connection. An exchange takes
 * half the time that it takes through a general client, and the time of
 * exchanges is what a run through a player mostly consists of.
 */
export class ExchangeClient {
  readonly #socket: net.Socket;
  readonly #headers: Uint8Array;
  readonly #frames = new FrameReader();
  #stream = 1;
  #answer: PromiseWithResolvers<Uint8Array> | null = null;
  #received: Uint8Array[] = [];
  /** What is left of a request that the trainer has no room for yet. */
  #unsent: Uint8Array = new Uint8Array();
  #connectionWindow = DEFAULT_WINDOW;
  #streamWindow = DEFAULT_WINDOW;
  #initialWindow = DEFAULT_WINDOW;
  #maxFrame = DEFAULT_MAX_FRAME;
  /** Bytes that we have to allow the trainer to send again. */
  #consumed = 0;

  private constructor(socket: net.Socket, authority: string) {
    this.#socket = socket;
    this.#headers = encodeHeaders(authority);
    socket.on("data", this.#onData);
    socket.on("error", () => {});
    socket.on("close", () => this.#fail("has closed the connection"));
    socket.write(join(
      new TextEncoder().encode(CONNECTION_PREFACE),
      encodeSetting(Setting.initialWindowSize, MAX_WINDOW),
      encodeWindowUpdate(RECEIVE_WINDOW - DEFAULT_WINDOW),
    ));
  }

  /** Connects to a trainer on this machine; null if there is none. */
  static async connect(port: number): Promise<ExchangeClient | null> {
    for (const host of ["127.0.0.1", "::1"]) {
      const socket = net.connect({ port, host, noDelay: true });
      const connected = Promise.withResolvers<boolean>();
      socket.once("connect", () => connected.resolve(true));
      socket.once("error", () => connected.resolve(false));
      if (await connected.promise) {
        return new ExchangeClient(socket, `localhost:${port}`);
      }
    }
    return null;
  }

  /**
   * Sends a message and waits for the answer. Throws a UserError if the
   * trainer refuses the call or is gone.
   */
  exchange(message: Uint8Array): Promise<Uint8Array> {
    this.#answer = Promise.withResolvers<Uint8Array>();
    const { promise } = this.#answer;
    if (this.#socket.destroyed) this.#fail("has closed the connection");
    const prefix = new Uint8Array(PREFIX_SIZE);
    putUint32(prefix, 1, message.length);
    this.#unsent = join(prefix, message);
    this.#streamWindow = this.#initialWindow;
    const headers = encodeFrame(
      FrameType.headers,
      FrameFlag.endHeaders,
      this.#stream,
      this.#headers,
    );
    this.#socket.write(join(headers, ...this.#takeDataFrames()));
    return promise;
  }

  close(): void {
    this.#socket.destroy();
  }

  /** As much of the request as the trainer has room for. */
  #takeDataFrames(): Uint8Array[] {
    const frames: Uint8Array[] = [];
    while (this.#unsent.length > 0) {
      const size = Math.min(
        this.#unsent.length,
        this.#maxFrame,
        this.#streamWindow,
        this.#connectionWindow,
      );
      if (size <= 0) break;
      const isLast = size === this.#unsent.length;
      frames.push(encodeFrame(
        FrameType.data,
        isLast ? FrameFlag.endStream : 0,
        this.#stream,
        this.#unsent.subarray(0, size),
      ));
      this.#unsent = this.#unsent.subarray(size);
      this.#streamWindow -= size;
      this.#connectionWindow -= size;
    }
    return frames;
  }

  #onData = (chunk: Uint8Array): void => {
    this.#frames.read(chunk, (frame) => this.#onFrame(frame));
    if (this.#consumed > RECEIVE_WINDOW / 2) {
      this.#socket.write(encodeWindowUpdate(this.#consumed));
      this.#consumed = 0;
    }
  };

  #onFrame({ type, flags, stream, payload }: Frame): void {
    switch (type) {
      case FrameType.data:
        this.#consumed += payload.length;
        if (stream === this.#stream) {
          this.#received.push(withoutPadding(flags, payload).slice());
        }
        break;
      case FrameType.settings:
        if (!(flags & FrameFlag.acknowledged)) this.#onSettings(payload);
        break;
      case FrameType.ping:
        if (!(flags & FrameFlag.acknowledged)) {
          const { acknowledged } = FrameFlag;
          this.#socket.write(encodeFrame(type, acknowledged, 0, payload));
        }
        break;
      case FrameType.windowUpdate:
        this.#onWindowUpdate(stream, getUint32(payload, 0));
        break;
      case FrameType.resetStream:
        this.#fail(`refused the call (HTTP/2 error ${getUint32(payload, 0)})`);
        break;
      case FrameType.goAway:
        if (getUint32(payload, 4) !== 0) {
          this.#fail(
            `ended the connection (HTTP/2 error ${getUint32(payload, 4)})`,
          );
        }
        break;
    }
    const endsStream = type === FrameType.data || type === FrameType.headers;
    if (
      endsStream && flags & FrameFlag.endStream && stream === this.#stream
    ) this.#finish();
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
    const { acknowledged } = FrameFlag;
    this.#socket.write(join(
      encodeFrame(FrameType.settings, acknowledged, 0, new Uint8Array()),
      ...this.#takeDataFrames(),
    ));
  }

  #onWindowUpdate(stream: number, bytes: number): void {
    if (stream === 0) this.#connectionWindow += bytes;
    else if (stream === this.#stream) this.#streamWindow += bytes;
    const frames = this.#takeDataFrames();
    if (frames.length > 0) this.#socket.write(join(...frames));
  }

  /** Hands over the answer when the trainer has ended the call. */
  #finish(): void {
    const body = this.#received.length === 1
      ? this.#received[0]
      : join(...this.#received);
    this.#received = [];
    this.#unsent = new Uint8Array();
    this.#stream += 2;
    if (body.length < PREFIX_SIZE) {
      return this.#fail("answered with a gRPC error instead of a message");
    }
    if (
      body[0] !== 0 || getUint32(body, 1) !== body.length - PREFIX_SIZE
    ) return this.#fail("sent a compressed or incomplete message");
    this.#answer?.resolve(body.subarray(PREFIX_SIZE));
    this.#answer = null;
  }

  #fail(what: string): void {
    this.#answer?.reject(
      new UserError({
        what: `The trainer ${what}`,
        cure: "Look at what the trainer reports.",
      }),
    );
    this.#answer = null;
  }
}

function withoutPadding(flags: number, payload: Uint8Array): Uint8Array {
  return flags & FrameFlag.padded
    ? payload.subarray(1, payload.length - payload[0])
    : payload;
}

/**
 * The request's headers in HPACK (RFC 7541): names from the static table where
 * they are in it, plain values, nothing for the trainer to remember.
 */
function encodeHeaders(authority: string): Uint8Array {
  const text = (value: string) => {
    const bytes = new TextEncoder().encode(value);
    return [bytes.length, ...bytes];
  };
  return Uint8Array.from([
    0x83, // :method POST
    0x86, // :scheme http
    0x04, // :path
    ...text(EXCHANGE_PATH),
    0x01, // :authority
    ...text(authority),
    0x0f, // content-type, the 31st name of the table
    31 - 15,
    ...text("application/grpc"),
    0x00, // a name that is not in the table
    ...text("te"),
    ...text("trailers"),
  ]);
}
