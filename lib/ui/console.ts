import { join } from "node:path";
import type { Progress, RunEvent, RunStarted, Waiting } from "../events.ts";
import {
  behaviorLine,
  checkpointLine,
  endLine,
  noticeLine,
  startLine,
} from "./event_lines.ts";
import { fitColumns } from "./format.ts";
import { progressLine } from "./progress_line.ts";
import { Spinner } from "./spinner.ts";
import { summaryLine } from "./summary_line.ts";
import { CLEAR_LINE, type Terminal } from "./terminal.ts";

/** What the console needs besides the events. */
export interface ConsoleOptions {
  readonly terminal: Terminal;
  /** The folder of all runs, to tell where files are. */
  readonly resultsDirectory: string;
  /** Milliseconds since any moment. */
  readonly now?: () => number;
}

/** The least time between two drawings of the live line, in milliseconds. */
const REDRAW_INTERVAL = 100;

/**
 * Tells the events of a run line by line. On a terminal a live line below shows
 * how far it is, or what it waits for; elsewhere there are plain lines only.
 */
export class Console {
  readonly #terminal: Terminal;
  readonly #resultsDirectory: string;
  readonly #now: () => number;
  readonly #spinner: Spinner;
  readonly #progress = new Map<string, Progress>();
  #run: RunStarted | null = null;
  #isDrawn = false;
  #drawnAt = -Infinity;

  constructor({ terminal, resultsDirectory, now }: ConsoleOptions) {
    this.#terminal = terminal;
    this.#spinner = new Spinner(terminal);
    this.#resultsDirectory = resultsDirectory;
    this.#now = now ?? (() => performance.now());
  }

  /** Shows one event. */
  readonly handle = (event: RunEvent): void => {
    // What was waited for has come.
    this.#spinner.stop();
    switch (event.type) {
      case "run_started":
        this.#run = event;
        return this.#print(startLine(event));
      case "behavior_started":
        return this.#print(behaviorLine(event));
      case "progress":
        this.#progress.set(event.behavior, event);
        return this.#draw();
      case "summary":
        return this.#print(summaryLine(event));
      case "checkpoint":
        return this.#print(checkpointLine(event, this.#runFolder()));
      case "notice":
        return this.#print(noticeLine(event), event.level);
      case "waiting":
        return this.#wait(event);
      case "run_ended":
        this.clear();
        this.#progress.clear();
        if (this.#run === null) return;
        return this.#print(endLine(event, this.#run, this.#runFolder()));
    }
  };

  /** Takes the live line away, so that others can print. */
  clear(): void {
    this.#spinner.stop();
    if (!this.#isDrawn) return;
    this.#terminal.write(CLEAR_LINE);
    this.#isDrawn = false;
  }

  #wait({ message }: Waiting): void {
    if (!this.#terminal.isInteractive) return this.#print(message);
    this.clear();
    this.#spinner.start(message);
  }

  #runFolder(): string {
    return join(this.#resultsDirectory, this.#run?.runId ?? "");
  }

  #print(line: string, level: "info" | "warning" = "info"): void {
    this.clear();
    this.#terminal.write(`[${level.toUpperCase()}] ${line}\n`);
    this.#draw();
  }

  #draw(): void {
    if (!this.#terminal.isInteractive || this.#progress.size === 0) return;
    if (this.#now() - this.#drawnAt < REDRAW_INTERVAL) return;
    const line = progressLine([...this.#progress.values()]);
    // The last column stays free: some terminals go on to the next line there.
    const fitted = fitColumns(line, this.#terminal.columns() - 1);
    this.#terminal.write(CLEAR_LINE + fitted);
    this.#isDrawn = true;
    this.#drawnAt = this.#now();
  }
}
