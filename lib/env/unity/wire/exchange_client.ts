import * as net from "node:net";
import { UserError } from "../../../errors.ts";
import { fromBody, requestHeaders, toBody } from "./grpc_messages.ts";
import { Http2Connection, type Http2Listener } from "./http2_connection.ts";

/**
 * A player's end of the wire: a gRPC client for the one method of Unity's
 * protocol, one call at a time.
 */
export class ExchangeClient implements Http2Listener {
  readonly #socket: net.Socket;
  readonly #connection: Http2Connection;
  readonly #headers: Uint8Array;
  #answer: PromiseWithResolvers<Uint8Array> | null = null;

  private constructor(socket: net.Socket, port: number) {
    this.#socket = socket;
    this.#connection = new Http2Connection(socket, "client", this);
    this.#headers = requestHeaders(`localhost:${port}`);
  }

  /** Connects to a trainer on this machine; null if there is none. */
  static async connect(port: number): Promise<ExchangeClient | null> {
    for (const host of ["127.0.0.1", "::1"]) {
      const socket = net.connect({ port, host, noDelay: true });
      const connected = Promise.withResolvers<boolean>();
      socket.once("connect", () => connected.resolve(true));
      socket.once("error", () => connected.resolve(false));
      if (await connected.promise) return new ExchangeClient(socket, port);
    }
    return null;
  }

  /**
   * Sends a message and waits for the answer. Throws a UserError if the
   * trainer refuses the call or is gone.
   */
  exchange(message: Uint8Array): Promise<Uint8Array> {
    const { promise } = this.#answer = Promise.withResolvers<Uint8Array>();
    if (this.#socket.destroyed) this.onFailure("has closed the connection");
    else this.#connection.request(this.#headers, toBody(message));
    return promise;
  }

  close(): void {
    this.#connection.destroy();
  }

  /** Takes the trainer's answer from the connection. */
  onBody(body: Uint8Array | null): void {
    const message = body && fromBody(body);
    if (!message) {
      return this.onFailure("answered with a gRPC error or without a message");
    }
    this.#answer?.resolve(message);
    this.#answer = null;
  }

  /** Takes notice that no answer will come. */
  onFailure(what: string): void {
    this.#answer?.reject(
      new UserError({
        what: `The trainer ${what}`,
        cure: "Look at what the trainer reports.",
      }),
    );
    this.#answer = null;
  }
}
