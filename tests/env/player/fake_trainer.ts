/** A trainer whose every answer is written by a test. */
import {
  type ExchangeListener,
  ExchangeServer,
  type Refusal,
} from "../../../lib/env/unity/wire/exchange_server.ts";
import { Reader } from "../../../lib/env/unity/messages/message_reader.ts";
import {
  MessageWriter,
} from "../../../lib/env/unity/messages/message_writer.ts";
import {
  type PlayerMessage,
  readPlayerMessage,
} from "../../../lib/env/unity/messages/player_message.ts";
import { freePort } from "../unity/fake_player.ts";

/** A player's message, with a reader at its start. */
export type Request = PlayerMessage & { readonly reader: Reader };

/** A server that answers what it is told to answer. */
export class FakeTrainer implements ExchangeListener {
  readonly #requests: Request[] = [];
  #waiting: PromiseWithResolvers<Request> | null = null;
  #server: ExchangeServer | null = null;

  private constructor(readonly port: number) {}

  static async listen(): Promise<FakeTrainer> {
    const trainer = new FakeTrainer(freePort());
    trainer.#server = await ExchangeServer.listen(trainer.port, trainer);
    return trainer;
  }

  /** The player's next message. */
  request(): Promise<Request> {
    const [request] = this.#requests.splice(0, 1);
    if (request) return Promise.resolve(request);
    this.#waiting = Promise.withResolvers<Request>();
    return this.#waiting.promise;
  }

  /** Answers with what `write` writes. */
  answer(write: (writer: MessageWriter) => void): void {
    const writer = new MessageWriter();
    write(writer);
    this.#server?.reply(writer.message);
  }

  close(): void {
    this.#server?.close();
  }

  onRefusal(refusal: Refusal): void {
    this.#waiting?.reject(new Error(refusal));
    this.#waiting = null;
  }

  onMessage(message: Uint8Array): void {
    const reader = Reader.create(message);
    const request = { ...readPlayerMessage(reader), reader };
    if (this.#waiting) {
      this.#waiting.resolve(request);
      this.#waiting = null;
    } else this.#requests.push(request);
  }

  onDisconnect(): void {}
}
