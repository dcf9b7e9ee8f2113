/** To the start of the line, and clear it. */
export const CLEAR_LINE = "\r\x1b[K";

/** Where the console's text goes. */
export interface Terminal {
  /** Takes text at once; line ends are part of it. */
  write(text: string): void;
  /** True if a line can be taken back and drawn again. */
  readonly isInteractive: boolean;
  /** The present width in characters. */
  columns(): number;
}

/** The program's standard output. A reader who has gone away is no error. */
export function standardOutput(): Terminal {
  const { stdout } = Deno;
  const isInteractive = stdout.isTerminal() && !isDumb();
  let isOpen = true;
  return {
    isInteractive,
    write(text) {
      if (!isOpen) return;
      const bytes = new TextEncoder().encode(text);
      try {
        for (let written = 0; written < bytes.length;) {
          written += stdout.writeSync(bytes.subarray(written));
        }
      } catch (error) {
        if (!(error instanceof Deno.errors.BrokenPipe)) throw error;
        isOpen = false;
      }
    },
    columns() {
      return isInteractive ? Deno.consoleSize().columns : 80;
    },
  };
}

/** Whether the terminal says that it can only take lines. */
function isDumb(): boolean {
  // Not worth a permission: without one it is taken for a usual terminal.
  const { state } = Deno.permissions.querySync({
    name: "env",
    variable: "TERM",
  });
  return state === "granted" && Deno.env.get("TERM") === "dumb";
}
