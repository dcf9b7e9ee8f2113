/** To the start of the line, and clear it. */
export const CLEAR_LINE = "\r\x1b[K";

/** The width of what has none of its own. */
const DEFAULT_COLUMNS = 80;

/** Where the console's text goes. */
export interface Terminal {
  /** Takes text at once; line ends are part of it. */
  write(text: string): void;
  /** True if a line can be taken back and drawn again. */
  readonly isInteractive: boolean;
  /** The present width in characters. */
  columns(): number;
}

/**
 * The program's standard output. A reader who has gone away, or a terminal that
 * was closed, is no error.
 */
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
        if (!isGone(error)) throw error;
        isOpen = false;
      }
    },
    columns() {
      if (!isInteractive || !isOpen) return DEFAULT_COLUMNS;
      try {
        // Some terminals do not know: they say 0.
        return Deno.consoleSize().columns || DEFAULT_COLUMNS;
      } catch {
        return DEFAULT_COLUMNS;
      }
    },
  };
}

function isGone(error: unknown): boolean {
  return error instanceof Deno.errors.BrokenPipe ||
    error instanceof Error && "code" in error && error.code === "EIO";
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
