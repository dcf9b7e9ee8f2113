import { fitColumns } from "./format.ts";
import { CLEAR_LINE, type Terminal } from "./terminal.ts";

const FRAMES = [..."⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏"];
/** Milliseconds for each frame. */
const FRAME_TIME = 100;

/** A line that shows that something is waited for. */
export class Spinner {
  readonly #terminal: Terminal;
  #timer: ReturnType<typeof setInterval> | undefined;

  constructor(terminal: Terminal) {
    this.#terminal = terminal;
  }

  /** Draws the line until `stop` is called. */
  start(message: string): void {
    this.stop();
    let frame = 0;
    const draw = () => {
      const line = `${FRAMES[frame++ % FRAMES.length]} ${message}`;
      const columns = this.#terminal.columns() - 1;
      this.#terminal.write(CLEAR_LINE + fitColumns(line, columns));
    };
    draw();
    this.#timer = setInterval(draw, FRAME_TIME);
  }

  /** Takes the line away. */
  stop(): void {
    if (this.#timer === undefined) return;
    clearInterval(this.#timer);
    this.#timer = undefined;
    this.#terminal.write(CLEAR_LINE);
  }
}
