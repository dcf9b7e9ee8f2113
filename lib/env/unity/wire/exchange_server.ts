import * as net from "node:net";
import {
  fromBody,
  GrpcStatus,
  refusal,
  responseHeaders,
  responseTrailers,
  toBody,
} from "./grpc_messages.ts";
import { Http2Connection } from "./http2_connection.ts";

/** Why a message of the player could not be taken. */
export type Refusal = "too big" | "unreadable";

/** What happens at a server's port. */
export interface ExchangeListener {
  /** A player sent a message and waits for the answer. */
  onMessage(message: Uint8Array): void;
  /** A message of the player was refused. */
  onRefusal(refusal: Refusal): void;
  /** The player's connection is gone. */
  onDisconnect(): void;
}

const { resourceExhausted, unimplemented } = GrpcStatus;
const busy = refusal(resourceExhausted, "another player uses this port");
const tooBig = refusal(resourceExhausted, "messages may have 64 MiB at most");
const unreadable = refusal(unimplemented, "compressed or incomplete message");

/**
 * The trainer's end of the wire: a gRPC server for one player, which asks one
 * question at a time. It listens on the loopback addresses only, and every
 * call is taken for the one method of Unity's protocol.
 *
 * A gRPC library serves many clients, calls and options, and takes more than
 * twice as long for an exchange, which is what a step of a player costs. The
 * tests drive this server with such a library.
 */
export class ExchangeServer {
  readonly #listener: ExchangeListener;
  readonly #endpoints: net.Server[] = [];
  readonly #connections = new Set<Http2Connection>();
  /** The connection of the player: the first that has asked, to its end. */
  #player: Http2Connection | null = null;
  #isAsked = false;

  private constructor(listener: ExchangeListener) {
    this.#listener = listener;
  }

  /**
   * Starts to listen on a port of 127.0.0.1 and, where there is IPv6, of ::1.
   * Throws the system's error if that is not possible.
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
      await server.close();
      throw error;
    }
    return server;
  }

  /** True while a player waits for an answer. */
  get isAsked(): boolean {
    return this.#isAsked;
  }

  /** Answers the player; the bytes may be reused at once. */
  reply(message: Uint8Array): void {
    if (!this.#isAsked) return;
    this.#isAsked = false;
    this.#player?.respond(responseHeaders, toBody(message), responseTrailers);
  }

  /** Ends all connections, the last answer being sent, and frees the port. */
  async close(): Promise<void> {
    const freed = this.#endpoints.map((endpoint) =>
      new Promise((resolve) => endpoint.close(resolve))
    );
    const ended = [...this.#connections].map((each) => each.close());
    await Promise.all([...freed, ...ended]);
  }

  async #listenOn(host: string, port: number): Promise<void> {
    const endpoint = net.createServer({ noDelay: true }, this.#onConnection);
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

  #onConnection = (socket: net.Socket): void => {
    const connection = new Http2Connection(socket, "server", {
      onBody: (body) => this.#onCall(connection, body),
      onFailure: () => {
        if (connection === this.#player) this.#isAsked = false;
      },
    });
    this.#connections.add(connection);
    socket.on("close", () => {
      this.#connections.delete(connection);
      if (connection !== this.#player) return;
      this.#player = null;
      this.#listener.onDisconnect();
    });
  };

  #onCall(connection: Http2Connection, body: Uint8Array | null): void {
    const message = body && fromBody(body);
    const player = this.#player ?? connection;
    // Who else finds the port, such as a player of another run, must not come
    // between the two: an answer would go astray.
    if (this.#isAsked || connection !== player) return connection.refuse(busy);
    if (!message) {
      connection.refuse(body ? unreadable : tooBig);
      // Who has never said anything readable is no player.
      if (connection !== this.#player) return;
      return this.#listener.onRefusal(body ? "unreadable" : "too big");
    }
    this.#player = connection;
    this.#isAsked = true;
    this.#listener.onMessage(message);
  }
}

function isMissingAddress(error: unknown): boolean {
  const code = error instanceof Error && "code" in error ? error.code : null;
  return code === "EADDRNOTAVAIL" || code === "EAFNOSUPPORT";
}
