/** Work beside the training: one piece at a time. */
export class BackgroundWork {
  #present: Promise<void> = Promise.resolve();
  #failure: { readonly error: unknown } | null = null;
  #isBusy = false;

  /** Whether a piece is under way. */
  get isBusy(): boolean {
    return this.#isBusy;
  }

  /** Begins a piece; the one before must be finished. */
  begin(work: () => Promise<void>): void {
    this.#isBusy = true;
    this.#present = work()
      .catch((error) => {
        this.#failure = { error };
      })
      .finally(() => this.#isBusy = false);
  }

  /** Throws what a piece has failed with, once; waits for nothing. */
  check(): void {
    const failure = this.#failure;
    this.#failure = null;
    if (failure) throw failure.error;
  }

  /** Waits for the present piece. Rejects with what it has failed with. */
  async finish(): Promise<void> {
    await this.#present;
    this.check();
  }
}
