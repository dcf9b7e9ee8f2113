import assert from "node:assert/strict";
import { EventEmitter } from "node:events";
import type { Socket } from "node:net";
import { Http2Connection } from "../../../../lib/env/unity/wire/http2_connection.ts";
import {
  CONNECTION_PREFACE,
  encodeFrame,
  encodeReset,
  encodeSetting,
  type Frame,
  FrameFlag,
  FrameReader,
  FrameType,
  join,
  putUint32,
  Setting,
} from "../../../../lib/env/unity/wire/http2_frames.ts";

const { endStream, endHeaders, padded, acknowledged } = FrameFlag;
const none = new Uint8Array();
const headers = Uint8Array.of(1, 1);
const trailers = Uint8Array.of(2, 2);

/** A connection whose other side is the test. */
class Peer {
  readonly events: (Uint8Array | string | null)[] = [];
  readonly connection: Http2Connection;
  isClosed = false;
  readonly #socket = new EventEmitter();
  readonly #reader = new FrameReader();
  #sent: Uint8Array[] = [];
  #skip: number;

  constructor(role: "client" | "server") {
    const socket = Object.assign(this.#socket, {
      write: (bytes: Uint8Array) => this.#sent.push(bytes.slice()),
      destroy: () => this.isClosed = true,
    });
    this.#skip = role === "client" ? CONNECTION_PREFACE.length : 0;
    // The connection needs no more of a socket than that.
    this.connection = new Http2Connection(socket as unknown as Socket, role, {
      onBody: (body) => this.events.push(body && body.slice()),
      onFailure: (what) => this.events.push(what),
    });
    if (role === "server") this.receive(CONNECTION_PREFACE);
  }

  /** Lets bytes arrive. */
  receive(...parts: Uint8Array[]): void {
    this.#socket.emit("data", join(...parts));
  }

  disconnect(): void {
    this.#socket.emit("close");
  }

  /** The frames that were sent since the last look. */
  sent(): Frame[] {
    const frames: Frame[] = [];
    const bytes = join(...this.#sent).subarray(this.#skip);
    this.#skip = 0;
    this.#sent = [];
    this.#reader.read(bytes, (frame) => frames.push(frame));
    return frames;
  }

  /** The same in short: type, flags, stream, size. */
  sentShort(): number[][] {
    return this.sent().map((
      f,
    ) => [f.type, f.flags, f.stream, f.payload.length]);
  }
}

function windowUpdate(stream: number, bytes: number): Uint8Array {
  const payload = new Uint8Array(4);
  putUint32(payload, 0, bytes);
  return encodeFrame(FrameType.windowUpdate, 0, stream, payload);
}

function data(stream: number, body: Uint8Array, flags = 0): Uint8Array {
  return encodeFrame(FrameType.data, flags, stream, body);
}

function call(stream: number, body: Uint8Array): Uint8Array {
  return join(
    encodeFrame(FrameType.headers, endHeaders, stream, headers),
    data(stream, body, endStream),
  );
}

Deno.test("a client's calls have odd numbers, one after the other", () => {
  const peer = new Peer("client");
  assert.deepEqual(peer.sentShort(), [
    [FrameType.settings, 0, 0, 6],
    [FrameType.settings, 0, 0, 6],
    [FrameType.windowUpdate, 0, 0, 4],
  ]);
  for (const stream of [1, 3, 5]) {
    peer.connection.request(headers, Uint8Array.of(stream));
    assert.deepEqual(peer.sentShort(), [
      [FrameType.headers, endHeaders, stream, 2],
      [FrameType.data, endStream, stream, 1],
    ]);
    peer.receive(
      encodeFrame(FrameType.headers, endHeaders, stream, headers),
      data(stream, Uint8Array.of(stream, 1)),
      data(stream, Uint8Array.of(2)),
      encodeFrame(FrameType.headers, endHeaders | endStream, stream, trailers),
    );
    assert.deepEqual(peer.events.splice(0), [Uint8Array.of(stream, 1, 2)]);
  }
});

Deno.test("a server answers with headers, data and trailers", () => {
  const peer = new Peer("server");
  peer.sent();
  peer.receive(call(7, Uint8Array.of(5)));
  assert.deepEqual(peer.events, [Uint8Array.of(5)]);
  peer.connection.respond(headers, Uint8Array.of(1, 2, 3), trailers);
  assert.deepEqual(peer.sentShort(), [
    [FrameType.headers, endHeaders, 7, 2],
    [FrameType.data, 0, 7, 3],
    [FrameType.headers, endHeaders | endStream, 7, 2],
  ]);
  // The call is over: there is nothing to answer any more.
  peer.connection.respond(headers, none, trailers);
  peer.connection.refuse(trailers);
  assert.deepEqual(peer.sent(), []);
  peer.receive(call(9, none));
  peer.connection.refuse(trailers);
  assert.deepEqual(peer.sentShort(), [
    [FrameType.headers, endHeaders | endStream, 9, 2],
  ]);
});

Deno.test("bodies wait for room in both windows and keep to frame sizes", () => {
  const peer = new Peer("client");
  peer.sent();
  peer.connection.request(headers, new Uint8Array(150_000));
  const sizes = () => {
    const frames = peer.sent().filter((f) => f.type === FrameType.data);
    const isLast = frames.some((f) => f.flags & endStream);
    return [...frames.map((f) => f.payload.length), ...isLast ? ["end"] : []];
  };
  assert.deepEqual(sizes(), [16_384, 16_384, 16_384, 16_383]);
  peer.receive(windowUpdate(0, 1_000_000));
  assert.deepEqual(sizes(), []);
  peer.receive(windowUpdate(1, 10));
  assert.deepEqual(sizes(), [10]);
  peer.receive(encodeSetting(Setting.maxFrameSize, 40_000));
  peer.receive(encodeSetting(Setting.initialWindowSize, 65_535 + 50_000));
  assert.deepEqual(sizes(), [40_000, 10_000]);
  peer.receive(windowUpdate(1, 1_000_000));
  assert.deepEqual(sizes(), [34_455, "end"]);
});

Deno.test("a server's trailers wait for the body", () => {
  const peer = new Peer("server");
  peer.receive(call(1, none));
  peer.connection.respond(headers, new Uint8Array(65_536), trailers);
  assert.equal(peer.sent().at(-1)?.type, FrameType.data);
  peer.receive(windowUpdate(0, 1), windowUpdate(1, 1));
  assert.deepEqual(peer.sentShort(), [
    [FrameType.data, 0, 1, 1],
    [FrameType.headers, endHeaders | endStream, 1, 2],
  ]);
});

Deno.test("settings and pings are acknowledged, acknowledgements are not", () => {
  const peer = new Peer("server");
  peer.sent();
  const ping = Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8);
  peer.receive(encodeSetting(3, 100), encodeFrame(FrameType.ping, 0, 0, ping));
  const [settings, pong] = peer.sent();
  assert.deepEqual([settings.type, settings.flags], [4, acknowledged]);
  assert.deepEqual([pong.type, pong.flags, pong.payload], [6, 1, ping]);
  peer.receive(encodeFrame(FrameType.settings, acknowledged, 0, none));
  peer.receive(encodeFrame(FrameType.ping, acknowledged, 0, ping));
  assert.deepEqual(peer.sent(), []);
});

Deno.test("padding is taken off, unknown frames are ignored", () => {
  const peer = new Peer("server");
  peer.receive(
    encodeFrame(0x16, 0xff, 3, Uint8Array.of(1, 2)),
    encodeFrame(FrameType.headers, 0, 1, headers),
    encodeFrame(9, endHeaders, 1, headers), // CONTINUATION
    data(1, Uint8Array.of(2, 7, 8, 0, 0), padded | endStream),
  );
  assert.deepEqual(peer.events, [Uint8Array.of(7, 8)]);
});

Deno.test("the other side may go on sending after 16 MiB", () => {
  const peer = new Peer("server");
  peer.sent();
  const part = new Uint8Array(16_384);
  for (let call = 1; call < 6; call += 2) {
    peer.receive(encodeFrame(FrameType.headers, endHeaders, call, headers));
    for (let i = 0; i < 520; i++) peer.receive(data(call, part));
    peer.receive(data(call, none, endStream));
    peer.connection.respond(headers, none, trailers);
    const updates = peer.sent().filter((f) => f.type === 8);
    assert.equal(updates.length, 1);
  }
});

Deno.test("a second call at the same time is refused", () => {
  const peer = new Peer("server");
  peer.receive(call(1, Uint8Array.of(1)));
  peer.sent();
  peer.receive(call(3, Uint8Array.of(3)));
  assert.deepEqual(peer.sentShort(), [[FrameType.resetStream, 0, 3, 4]]);
  assert.deepEqual(peer.events, [Uint8Array.of(1)]);
});

Deno.test("calls and connections that are ended are failures", () => {
  const client = new Peer("client");
  client.connection.request(headers, none);
  client.receive(encodeReset(1, 7));
  client.receive(encodeFrame(FrameType.goAway, 0, 0, new Uint8Array(8)));
  const angry = Uint8Array.of(0, 0, 0, 0, 0, 0, 0, 11);
  client.receive(encodeFrame(FrameType.goAway, 0, 0, angry));
  client.disconnect();
  assert.deepEqual(client.events, [
    "ended the call (HTTP/2 error 7)",
    "ended the connection (HTTP/2 error 11)",
    "has closed the connection",
  ]);
  const server = new Peer("server");
  server.receive(call(1, none), encodeReset(1, 8));
  server.sent();
  server.connection.respond(headers, none, trailers);
  assert.deepEqual(server.sent(), []);
  server.receive(call(3, Uint8Array.of(4)));
  assert.deepEqual(server.events.at(-1), Uint8Array.of(4));
});

Deno.test("who does not begin with the preface is sent away", () => {
  const stranger = new Peer("client");
  assert.equal(stranger.isClosed, false);
  const server = new Peer("server");
  assert.equal(server.isClosed, false);
  for (const cut of [1, 10, 24]) {
    const socket = new EventEmitter();
    let isClosed = false;
    const fake = Object.assign(socket, {
      write: () => {},
      destroy: () => isClosed = true,
    });
    new Http2Connection(fake as unknown as Socket, "server", {
      onBody: () => assert.fail("a call came through"),
      onFailure: () => {},
    });
    const text = new TextEncoder().encode("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
    socket.emit("data", text.slice(0, cut));
    assert.equal(isClosed, true);
  }
});

Deno.test("the preface may come in pieces", () => {
  const socket = new EventEmitter();
  const bodies: (Uint8Array | null)[] = [];
  const fake = Object.assign(socket, { write: () => {}, destroy: () => {} });
  new Http2Connection(fake as unknown as Socket, "server", {
    onBody: (body) => bodies.push(body),
    onFailure: () => {},
  });
  const bytes = join(CONNECTION_PREFACE, call(1, Uint8Array.of(6)));
  for (const byte of bytes) socket.emit("data", Uint8Array.of(byte));
  assert.deepEqual(bodies, [Uint8Array.of(6)]);
});
