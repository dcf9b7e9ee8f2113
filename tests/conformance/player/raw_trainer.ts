/**
 * A trainer whose every answer is written by a test, behind a general gRPC
 * server, so that nothing of this project's wire is taken for granted.
 */
import {
  type sendUnaryData,
  Server,
  ServerCredentials,
  type ServerUnaryCall,
} from "@grpc/grpc-js";
import { Buffer } from "node:buffer";
import { EXCHANGE_PATH } from "../../../lib/env/unity/messages/tags.ts";

/** A request that waits for its answer. */
export interface Call {
  readonly bytes: Uint8Array;
  answer(bytes: Uint8Array): void;
}

/** Hands out requests in their order. */
export class RawTrainer {
  readonly port: number;
  readonly #server: Server;
  readonly #calls: Call[];
  readonly #waiting: ((call: Call) => void)[];

  private constructor(
    server: Server,
    port: number,
    calls: Call[],
    waiting: ((call: Call) => void)[],
  ) {
    this.#server = server;
    this.port = port;
    this.#calls = calls;
    this.#waiting = waiting;
  }

  /** Listens on a free port of this machine. */
  static async listen(): Promise<RawTrainer> {
    const calls: Call[] = [];
    const waiting: ((call: Call) => void)[] = [];
    const exchange = (
      { request }: ServerUnaryCall<Buffer, Buffer>,
      reply: sendUnaryData<Buffer>,
    ) => {
      const call = {
        bytes: new Uint8Array(request),
        answer: (bytes: Uint8Array) => reply(null, Buffer.from(bytes)),
      };
      const next = waiting.shift();
      if (next) next(call);
      else calls.push(call);
    };
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
    }, { exchange });
    const port = await new Promise<number>((resolve, reject) =>
      server.bindAsync(
        "127.0.0.1:0",
        ServerCredentials.createInsecure(),
        (error, bound) => error ? reject(error) : resolve(bound),
      )
    );
    return new RawTrainer(server, port, calls, waiting);
  }

  /** The next request. */
  next(): Promise<Call> {
    const call = this.#calls.shift();
    if (call) return Promise.resolve(call);
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  /** True while no request has come that nobody has asked for. */
  get isQuiet(): boolean {
    return this.#calls.length === 0;
  }

  close(): void {
    this.#server.forceShutdown();
  }
}
