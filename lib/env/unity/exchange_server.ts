import {
  type sendUnaryData,
  Server,
  ServerCredentials,
  type ServerUnaryCall,
  status,
} from "@grpc/grpc-js";
import { Buffer } from "node:buffer";
import * as net from "node:net";
import { UserError } from "../../errors.ts";
import { EXCHANGE_PATH } from "./messages/tags.ts";

/** Camera images of many agents exceed gRPC's own limit of 4 MiB. */
const MAX_REQUEST_BYTES = 64 * 1024 * 1024;

/** What happens at a server's port. */
export interface ExchangeListener {
  /** A player sent a message and waits for the answer. */
  onMessage(message: Uint8Array): void;
  /** The player's connection is gone. */
  onDisconnect(): void;
}

/**
 * The trainer's end of the wire: a gRPC server for one player, which asks one
 * question at a time. It listens on the loopback addresses only.
 */
export class ExchangeServer {
  readonly #server = new Server({
    "grpc.max_receive_message_length": MAX_REQUEST_BYTES,
    "grpc.enable_channelz": 0,
  });
  readonly #listener: ExchangeListener;
  readonly #endpoints: net.Server[] = [];
  readonly #sockets = new Set<net.Socket>();
  #hasPlayer = false;
  #answer: sendUnaryData<Buffer> | null = null;

  private constructor(listener: ExchangeListener) {
    this.#listener = listener;
    const asBuffer = (bytes: Buffer) => bytes;
    this.#server.addService({
      exchange: {
        path: EXCHANGE_PATH,
        requestStream: false,
        responseStream: false,
        requestSerialize: asBuffer,
        requestDeserialize: asBuffer,
        responseSerialize: asBuffer,
        responseDeserialize: asBuffer,
      },
    }, { exchange: this.#onCall });
  }

  /**
   * Starts to listen on a port of 127.0.0.1 and, where there is IPv6, of ::1.
   * Throws a UserError if another program has the port.
   */
  static async listen(
    port: number,
    listener: ExchangeListener,
  ): Promise<ExchangeServer> {
    const server = new ExchangeServer(listener);
    try {
      await server.#listenOn("127.0.0.1", port);
      await server.#listenOn("::1", port);
    } catch (error) {
      server.close();
      throw listenError(port, error);
    }
    return server;
  }

  /** True while a player waits for an answer. */
  get isAsked(): boolean {
    return this.#answer !== null;
  }

  /** Answers the player; the bytes may be reused at once. */
  reply(message: Uint8Array): void {
    const answer = this.#answer;
    this.#answer = null;
    answer?.(
      null,
      Buffer.from(message.buffer, message.byteOffset, message.byteLength),
    );
  }

  /** Ends all connections and frees the port. */
  close(): void {
    this.#server.forceShutdown();
    for (const endpoint of this.#endpoints) endpoint.close();
    for (const socket of this.#sockets) socket.destroy();
  }

  async #listenOn(host: string, port: number): Promise<void> {
    const injector = this.#server.createConnectionInjector(
      ServerCredentials.createInsecure(),
    );
    const endpoint = net.createServer({ noDelay: true }, (socket) => {
      this.#sockets.add(socket);
      socket.on("close", () => {
        this.#sockets.delete(socket);
        if (this.#hasPlayer && this.#sockets.size === 0) {
          this.#listener.onDisconnect();
        }
      });
      injector.injectConnection(socket);
    });
    const listening = Promise.withResolvers<void>();
    endpoint.once("listening", listening.resolve);
    endpoint.once("error", listening.reject);
    endpoint.listen(port, host);
    try {
      await listening.promise;
    } catch (error) {
      if (host === "::1" && isMissingAddress(error)) return;
      throw error;
    }
    this.#endpoints.push(endpoint);
  }

  #onCall = (
    call: ServerUnaryCall<Buffer, Buffer>,
    answer: sendUnaryData<Buffer>,
  ): void => {
    if (this.#answer) {
      answer({
        code: status.RESOURCE_EXHAUSTED,
        details: "Another player is connected to this port",
      });
      return;
    }
    this.#hasPlayer = true;
    this.#answer = answer;
    this.#listener.onMessage(call.request);
  };
}

function errorCode(error: unknown): unknown {
  return error instanceof Error && "code" in error ? error.code : undefined;
}

function isMissingAddress(error: unknown): boolean {
  const code = errorCode(error);
  return code === "EADDRNOTAVAIL" || code === "EAFNOSUPPORT";
}

function listenError(port: number, error: unknown): unknown {
  switch (errorCode(error)) {
    case "EADDRINUSE":
      return new UserError({
        what: `Port ${port} is in use by another program`,
        cure: "End that program (perhaps a player of an earlier run), or " +
          "choose other ports with --base-port.",
      }, { cause: error });
    case "EACCES":
      return new UserError({
        what: `This user may not listen on port ${port}`,
        allowed: "ports from 1024 on, as a rule",
        cure: "Choose other ports with --base-port.",
      }, { cause: error });
    default:
      return error;
  }
}
