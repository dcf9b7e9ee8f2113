import { Client, credentials, type ServiceError, status } from "@grpc/grpc-js";
import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import {
  type ExchangeListener,
  ExchangeServer,
} from "../../../../lib/env/unity/wire/exchange_server.ts";
import { toBody } from "../../../../lib/env/unity/wire/grpc_messages.ts";
import {
  CONNECTION_PREFACE,
  encodeFrame,
  encodeSetting,
  encodeWindowUpdate,
  FrameFlag,
  FrameType,
  join,
  Setting,
} from "../../../../lib/env/unity/wire/http2_frames.ts";
import { EXCHANGE_PATH } from "../../../../lib/env/unity/messages/tags.ts";
import { delay, freePort } from "../fake_player.ts";

const none = new Uint8Array();

const deaf: ExchangeListener = {
  onMessage: () => {},
  onRefusal: () => {},
  onDisconnect: () => {},
};

/** Calls the server as Unity's general gRPC client does. */
function call(client: Client, message: Uint8Array): Promise<Uint8Array> {
  const same = (bytes: Buffer) => bytes;
  return new Promise((resolve, reject) =>
    client.makeUnaryRequest(
      EXCHANGE_PATH,
      same,
      same,
      Buffer.from(message),
      (error: ServiceError | null, answer?: Buffer) =>
        error ? reject(error) : resolve(answer ?? Buffer.alloc(0)),
    )
  );
}

/** Runs `body` with a server that `listener` listens to, and clients of it. */
async function withServer(
  listener: (server: () => ExchangeServer) => Partial<ExchangeListener>,
  body: (connect: (host?: string) => Client, port: number) => Promise<void>,
): Promise<void> {
  const port = freePort();
  const clients: Client[] = [];
  const server: ExchangeServer = await ExchangeServer.listen(port, {
    ...deaf,
    ...listener(() => server),
  });
  try {
    await body((host = "127.0.0.1") => {
      const insecure = credentials.createInsecure();
      const client = new Client(`${host}:${port}`, insecure, {
        "grpc.max_receive_message_length": -1,
        // Each is a player of its own.
        "grpc.use_local_subchannel_pool": 1,
      });
      clients.push(client);
      return client;
    }, port);
  } finally {
    for (const client of clients) client.close();
    await server.close();
  }
}

Deno.test("messages are answered, one after the other", async () => {
  const received: number[][] = [];
  await withServer((server) => ({
    onMessage: (message) => {
      received.push([...message]);
      assert.equal(server().isAsked, true);
      // The server must not keep the bytes: they are overwritten at once.
      const answer = message.map((byte) => byte + 1);
      server().reply(answer);
      answer.fill(0);
      assert.equal(server().isAsked, false);
    },
  }), async (connect) => {
    const client = connect();
    for (let i = 0; i < 20; i++) {
      const answer = await call(client, Uint8Array.of(i, 7));
      assert.deepEqual([...answer], [i + 1, 8]);
    }
  });
  assert.deepEqual(received[19], [19, 7]);
});

Deno.test("IPv6 is served too, where there is any", async () => {
  await withServer((server) => ({
    onMessage: (message) => server().reply(message),
  }), async (connect, port) => {
    try {
      (await Deno.connect({ hostname: "::1", port })).close();
    } catch {
      console.log("skipped: no IPv6 on this machine");
      return;
    }
    assert.deepEqual([...await call(connect("[::1]"), Uint8Array.of(5))], [5]);
  });
});

Deno.test("empty messages and messages of many MiB arrive whole", async () => {
  await withServer((server) => ({
    onMessage: (message) => server().reply(message),
  }), async (connect) => {
    const client = connect();
    assert.equal((await call(client, new Uint8Array())).length, 0);
    const big = new Uint8Array(20 * 1024 * 1024);
    for (let i = 0; i < big.length; i++) big[i] = i * 31 >> 3;
    const answer = await call(client, big);
    assert.equal(answer.length, big.length);
    assert(answer.every((byte, i) => byte === big[i]));
  });
});

Deno.test("a message beyond 64 MiB is refused", async () => {
  const refusals: string[] = [];
  await withServer((server) => ({
    onMessage: (message) => {
      assert.equal(message.length, 0);
      server().reply(message);
    },
    onRefusal: (refusal) => refusals.push(refusal),
  }), async (connect) => {
    const tooBig = new Uint8Array(64 * 1024 * 1024 + 1);
    const isRefused = (client: Client) =>
      assert.rejects(
        call(client, tooBig),
        (error: ServiceError) => error.code === status.RESOURCE_EXHAUSTED,
      );
    const player = connect();
    await isRefused(player);
    assert.deepEqual(refusals, [], "it was no player so far");
    await call(player, none);
    await isRefused(player);
  });
  assert.deepEqual(refusals, ["too big"]);
});

Deno.test("an answer may take its time", async () => {
  await withServer((server) => ({
    onMessage: () => setTimeout(() => server().reply(Uint8Array.of(3)), 50),
  }), async (connect) => {
    assert.deepEqual([...await call(connect(), Uint8Array.of())], [3]);
  });
});

Deno.test("a second player that asks meanwhile is refused", async () => {
  const first = Promise.withResolvers<void>();
  await withServer((server) => ({
    onMessage: async () => {
      await first.promise;
      server().reply(Uint8Array.of(1));
    },
  }), async (connect) => {
    const waiting = call(connect(), Uint8Array.of());
    const other = connect();
    await delay(50);
    await assert.rejects(call(other, Uint8Array.of()));
    first.resolve();
    assert.deepEqual([...await waiting], [1]);
  });
});

Deno.test("a second player is refused until the first is gone", async () => {
  const received: number[] = [];
  let gone = Promise.withResolvers<void>();
  await withServer((server) => ({
    onMessage: (message) => {
      received.push(message[0]);
      server().reply(message);
    },
    onDisconnect: () => gone.resolve(),
  }), async (connect) => {
    const first = connect();
    const second = connect();
    await call(first, Uint8Array.of(1));
    // The first has its answer and computes.
    await assert.rejects(
      call(second, Uint8Array.of(2)),
      (error: ServiceError) => error.code === status.RESOURCE_EXHAUSTED,
    );
    second.close();
    await delay(20);
    await call(first, Uint8Array.of(3));
    assert.deepEqual(received, [1, 3]);
    first.close();
    await gone.promise;
    gone = Promise.withResolvers();
    await call(connect(), Uint8Array.of(4));
    assert.deepEqual(received, [1, 3, 4]);
  });
});

Deno.test("the end of the player's connection is noticed", async () => {
  const gone = Promise.withResolvers<void>();
  let isGone = false;
  await withServer((server) => ({
    onMessage: (message) => server().reply(message),
    onDisconnect: () => {
      isGone = true;
      gone.resolve();
    },
  }), async (connect, port) => {
    // A connection that asks nothing is no player.
    (await Deno.connect({ hostname: "127.0.0.1", port })).close();
    await delay(20);
    assert.equal(isGone, false);
    const client = connect();
    await call(client, Uint8Array.of());
    client.close();
    await gone.promise;
  });
});

Deno.test("an answer that is given right before the end arrives", async () => {
  for (let i = 0; i < 20; i++) {
    let closed: Promise<void> | null = null;
    await withServer((server) => ({
      onMessage: (message) => {
        server().reply(message);
        closed = server().close();
      },
    }), async (connect) => {
      assert.deepEqual([...await call(connect(), Uint8Array.of(i))], [i]);
      await closed;
    });
  }
});

Deno.test("the end does not wait for a player that takes nothing", async () => {
  const players: Deno.Conn[] = [];
  await withServer((server) => ({
    onMessage: () => server().reply(new Uint8Array(32 * 1024 * 1024)),
  }), async (_, port) => {
    // It asks, but does not read.
    const player = await Deno.connect({ hostname: "127.0.0.1", port });
    players.push(player);
    await player.write(join(
      ...[
        CONNECTION_PREFACE,
        encodeSetting(Setting.initialWindowSize, 2 ** 30),
      ],
      encodeWindowUpdate(2 ** 30),
      encodeFrame(FrameType.headers, FrameFlag.endHeaders, 1, none),
      encodeFrame(FrameType.data, FrameFlag.endStream, 1, toBody(none)),
    ));
    await delay(50);
  });
  for (const player of players) player.close();
});

Deno.test("what does not speak HTTP/2 does no harm", async () => {
  await withServer((server) => ({
    onMessage: (message) => server().reply(message),
  }), async (connect, port) => {
    const stranger = await Deno.connect({ hostname: "127.0.0.1", port });
    await stranger.write(
      new TextEncoder().encode("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"),
    );
    await delay(20);
    assert.deepEqual([...await call(connect(), Uint8Array.of(5))], [5]);
    stranger.close();
  });
});

Deno.test("a port in use is said, and is free after closing", async () => {
  for (const hostname of ["127.0.0.1", "0.0.0.0"]) {
    const holder = Deno.listen({ hostname, port: 0 });
    const { port } = holder.addr;
    await assert.rejects(
      ExchangeServer.listen(port, deaf),
      { code: "EADDRINUSE" },
    );
    holder.close();
    for (let i = 0; i < 3; i++) {
      await (await ExchangeServer.listen(port, deaf)).close();
    }
  }
});
