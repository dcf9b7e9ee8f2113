import { GRPC_PREFIX_SIZE, messageLength } from "./grpc_messages.ts";

/**
 * Gathers the pieces of a body. A body of one piece is that piece; the bytes
 * of others are copied once, into memory of the size that the body announces.
 */
export class BodyBuffer {
  readonly #limit: number;
  #bytes: Uint8Array = new Uint8Array();
  #size = 0;

  /** Bodies of more than `limit` bytes are not kept. */
  constructor(limit: number) {
    this.#limit = limit;
  }

  clear(): void {
    this.#bytes = new Uint8Array();
    this.#size = 0;
  }

  add(piece: Uint8Array): void {
    const size = this.#size + piece.length;
    if (size > this.#limit) this.#bytes = new Uint8Array();
    else if (this.#size === 0) this.#bytes = piece;
    else {
      if (size > this.#bytes.length) this.#grow(size);
      this.#bytes.set(piece, this.#size);
    }
    this.#size = size;
  }

  /** The whole body, which the next one does not touch; null = too big. */
  take(): Uint8Array | null {
    const body = this.#size > this.#limit
      ? null
      : this.#bytes.subarray(0, this.#size);
    this.clear();
    return body;
  }

  #grow(size: number): void {
    const known = this.#bytes.subarray(0, this.#size);
    const announced = this.#size < GRPC_PREFIX_SIZE
      ? 0
      : GRPC_PREFIX_SIZE + messageLength(known);
    const wanted = Math.max(size, announced, 2 * this.#size);
    this.#bytes = new Uint8Array(Math.min(wanted, this.#limit));
    this.#bytes.set(known);
  }
}
