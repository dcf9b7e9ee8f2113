/**
 * The file that a player tells its story in, as Unity's players do with
 * `-logFile`. Where it cannot be written the player goes on without it.
 */
export class PlayerLog {
  #file: Deno.FsFile | null = null;

  /** Without a path nothing is written. */
  constructor(path: string | null) {
    if (path === null) return;
    try {
      this.#file = Deno.openSync(path, {
        write: true,
        create: true,
        truncate: true,
      });
    } catch {
      // Unity says nothing either.
    }
  }

  /** Adds a line. */
  readonly write = (line: string): void => {
    try {
      this.#file?.writeSync(new TextEncoder().encode(`${line}\n`));
    } catch {
      this.close();
    }
  };

  close(): void {
    this.#file?.close();
    this.#file = null;
  }
}
