/** Values handed from one part of a program to another that awaits them. */
export class AsyncQueue<T> implements AsyncIterable<T> {
  readonly #values: T[] = [];
  #wake: (() => void) | null = null;
  #failure: { readonly error: unknown } | null = null;
  #ended = false;

  push(value: T): void {
    this.#values.push(value);
    this.#wake?.();
  }

  /** Nothing more comes; an `error` is thrown to the reader at the end. */
  end(failure: { readonly error: unknown } | null = null): void {
    this.#ended = true;
    this.#failure = failure;
    this.#wake?.();
  }

  async *[Symbol.asyncIterator](): AsyncIterator<T> {
    while (true) {
      const values = this.#values.splice(0);
      yield* values;
      if (this.#values.length > 0) continue;
      if (this.#ended) break;
      await new Promise<void>((resolve) => this.#wake = resolve);
      this.#wake = null;
    }
    if (this.#failure) throw this.#failure.error;
  }
}
