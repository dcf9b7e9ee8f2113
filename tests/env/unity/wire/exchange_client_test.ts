import {
  type sendUnaryData,
  Server,
  ServerCredentials,
  type ServerUnaryCall,
  status,
} from "@grpc/grpc-js";
import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { ExchangeClient } from "../../../../lib/env/unity/wire/exchange_client.ts";
import { EXCHANGE_PATH } from "../../../../lib/env/unity/messages/tags.ts";
import { UserError } from "../../../../lib/errors.ts";
import { freePort } from "../fake_player.ts";

type Handler = (
  call: ServerUnaryCall<Buffer, Buffer>,
  answer: sendUnaryData<Buffer>,
) => void;

/** Runs `body` with a client of a general gRPC server. */
async function withClient(
  handler: Handler,
  body: (client: ExchangeClient, server: Server) => Promise<void>,
): Promise<void> {
  const same = (bytes: Buffer) => bytes;
  const server = new Server({ "grpc.max_receive_message_length": -1 });
  server.addService({
    exchange: {
      path: EXCHANGE_PATH,
      requestStream: false,
      responseStream: false,
      requestSerialize: same,
      requestDeserialize: same,
      responseSerialize: same,
      responseDeserialize: same,
    },
  }, { exchange: handler });
  const insecure = ServerCredentials.createInsecure();
  const port = await new Promise<number>((resolve, reject) =>
    server.bindAsync(
      "127.0.0.1:0",
      insecure,
      (error, bound) => error ? reject(error) : resolve(bound),
    )
  );
  const client = await ExchangeClient.connect(port);
  assert(client);
  try {
    await body(client, server);
  } finally {
    client.close();
    server.forceShutdown();
  }
}

const echo: Handler = (call, answer) => answer(null, call.request);

Deno.test("many exchanges follow each other on one connection", async () => {
  const peers = new Set<string>();
  await withClient((call, answer) => {
    peers.add(call.getPeer());
    answer(null, call.request);
  }, async (client) => {
    for (let i = 0; i < 200; i++) {
      const answer = await client.exchange(Uint8Array.of(i, 1));
      assert.deepEqual([...answer], [i, 1]);
    }
  });
  assert.equal(peers.size, 1);
});

Deno.test("empty messages and messages of many MiB come back", async () => {
  await withClient(echo, async (client) => {
    for (const size of [0, 1, 16_379, 16_380, 65_531, 65_536, 9_000_000]) {
      const message = new Uint8Array(size).map((_, i) => (i * 7) >> 2);
      const answer = await client.exchange(message);
      assert.equal(answer.length, size);
      assert(answer.every((byte, i) => byte === message[i]));
    }
  });
});

Deno.test("more data than one window's worth comes through", async () => {
  // Of 16 MiB, as granted at first.
  const big = Buffer.alloc(7 * 1024 * 1024, 1);
  await withClient((_, answer) => answer(null, big), async (client) => {
    for (let i = 0; i < 5; i++) {
      const answer = await client.exchange(Uint8Array.of());
      assert.equal(answer.length, big.length);
    }
  });
});

Deno.test("without a trainer there is no client", async () => {
  assert.equal(await ExchangeClient.connect(freePort()), null);
});

Deno.test("a refused call is an error, the next one may succeed", async () => {
  let isFirst = true;
  await withClient((call, answer) => {
    if (isFirst) answer({ code: status.UNIMPLEMENTED, details: "no" });
    else answer(null, call.request);
    isFirst = false;
  }, async (client) => {
    await assert.rejects(
      client.exchange(Uint8Array.of(1)),
      (error: unknown) =>
        error instanceof UserError && /gRPC error/.test(error.message),
    );
    assert.deepEqual([...await client.exchange(Uint8Array.of(2))], [2]);
  });
});

Deno.test("a trainer that goes away is an error, now and later", async () => {
  await withClient((_call, _answer) => {}, async (client, server) => {
    const answer = client.exchange(Uint8Array.of(1));
    setTimeout(() => server.forceShutdown(), 20);
    await assert.rejects(answer, UserError);
    await assert.rejects(client.exchange(Uint8Array.of(1)), UserError);
  });
});
