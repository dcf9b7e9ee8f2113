import { resolve } from "node:path";
import { UserError } from "../../errors.ts";
import { mayRead } from "../../util/permissions.ts";
import { within } from "../../util/within.ts";
import { EnvironmentLost } from "../environment_lost.ts";
import { findExecutable, notExecutable } from "./executable.ts";
import { lastWords, readLogEnd } from "./last_words.ts";
import {
  chosenLogFile,
  type PlayerArguments,
  playerArguments,
} from "./player_arguments.ts";
import { type ProcessActivity, processActivity } from "./process_activity.ts";

/** How to start a player. */
export interface PlayerProcessOptions extends PlayerArguments {
  readonly executable: string;
}

/**
 * Variables that send connections to this machine through a proxy. They are
 * emptied, which all their readers take for absent: leaving them out would mean
 * to read, and to be allowed to read, the whole environment.
 */
const noProxies = Object.fromEntries(
  ["http", "https", "all", "grpc", "ftp"].flatMap((scheme) => [
    [`${scheme}_proxy`, ""],
    [`${scheme}_proxy`.toUpperCase(), ""],
  ]),
);

/** Characters of error output that are kept. */
const KEPT_CHARACTERS = 1500;
/** Milliseconds from the order of the system to end until it is enforced. */
const END_GRACE = 1000;
/** Milliseconds to wait for the output of programs that outlive the player. */
const OUTPUT_GRACE = 500;
/** Exit codes of the shell, to which the system hands what it cannot run. */
const UNUSABLE_PROGRAM = [126, 127];

/** The players that run. */
const alive = new Set<PlayerProcess>();

/**
 * Events with which this program ends, and its players with it. If it is
 * killed, or ended by a signal that it does not listen to, nothing of it runs
 * any more: then the connection drops, whereupon Unity's players quit by
 * themselves.
 */
const ends = ["unload", "error", "unhandledrejection"];

function onEnd(event: { readonly defaultPrevented: boolean }): void {
  // Some programs survive their errors.
  if (event.defaultPrevented) return;
  for (const player of alive) player.kill("SIGKILL");
}

function register(player: PlayerProcess): void {
  alive.add(player);
  for (const end of ends) addEventListener(end, onEnd);
}

function unregister(player: PlayerProcess): void {
  alive.delete(player);
  if (alive.size > 0) return;
  for (const end of ends) removeEventListener(end, onEnd);
}

/** A Unity player that we started: a process group of its own. */
export class PlayerProcess {
  /** Resolves when the player has ended. */
  readonly exited: Promise<Deno.CommandStatus>;
  /** Where its log is; null = unknown. */
  readonly logFile: string | null;
  readonly #child: Deno.ChildProcess;
  readonly #errors: ReadableStreamDefaultReader<string>;
  #errorOutput = "";

  /** Starts the player; throws a UserError if that is not possible. */
  constructor(options: PlayerProcessOptions) {
    const executable = resolve(findExecutable(options.executable));
    const logFile = options.logFile && resolve(options.logFile);
    const args = { ...options, logFile };
    this.logFile = chosenLogFile(args);
    this.#child = spawn(executable, playerArguments(args));
    register(this);
    this.#errors = this.#child.stderr
      .pipeThrough(new TextDecoderStream()).getReader();
    const output = this.#keepErrorOutput();
    this.exited = this.#child.status.then(async (status) => {
      // What the player has started does not outlive it.
      this.kill("SIGKILL");
      unregister(this);
      await within(OUTPUT_GRACE, output);
      await this.#errors.cancel();
      return status;
    });
  }

  get pid(): number {
    return this.#child.pid;
  }

  /** What it and its children have done so far; null = unknown. */
  get activity(): ProcessActivity | null {
    return processActivity(this.pid);
  }

  /**
   * Waits `graceMilliseconds` for the player to end by itself, then ends it,
   * first as the system asks programs to end, a second later by force.
   */
  async stop(graceMilliseconds: number): Promise<void> {
    if (await within(graceMilliseconds, this.exited)) return;
    this.kill("SIGTERM");
    if (await within(END_GRACE, this.exited)) return;
    this.kill("SIGKILL");
    await this.exited;
  }

  /**
   * Sends a signal to the player and whatever it has started; to the player
   * alone if Deno may not run, and so not end, other programs than this one.
   */
  kill(signal: "SIGTERM" | "SIGKILL"): void {
    if (!alive.has(this)) return;
    try {
      if (Deno.permissions.querySync({ name: "run" }).state !== "granted") {
        return this.#child.kill(signal);
      }
      // A negative id means the process group; Windows has none.
      const group = Deno.build.os === "windows" ? this.pid : -this.pid;
      Deno.kill(group, signal);
    } catch (error) {
      // It has ended.
      if (error instanceof Deno.errors.NotFound) return;
      if (!(error instanceof TypeError)) throw error;
    }
  }

  /** The error that names how the player ended and quotes its last words. */
  async exitError(): Promise<EnvironmentLost> {
    const { code, signal } = await this.exited;
    const log = this.logFile === null ? "" : readLogEnd(this.logFile);
    const quoted = lastWords(log + this.#errorOutput)
      .replaceAll(/^/gm, "    ").trimEnd();
    return new EnvironmentLost("ended", {
      what: "The Unity player ended",
      found: signal ? `killed by ${signal}` : `exit code ${code}`,
      cure: (quoted ? `Its last words:\n${quoted}\n  ` : "") +
        this.#advice(code, log),
    });
  }

  /** Where to look further. */
  #advice(code: number, log: string): string {
    if (UNUSABLE_PROGRAM.includes(code)) {
      return "The system could not run it as a program. Is the file whole, " +
        "and is everything there that it starts?";
    }
    if (this.logFile === null) {
      return "Start the player by hand to see what happens.";
    }
    return log === "" && mayRead(this.logFile)
      ? `It has written no log to ${this.logFile}`
      : `Its log: ${this.logFile}`;
  }

  /** Reads the player's error output until its end, keeping the last part. */
  async #keepErrorOutput(): Promise<void> {
    for (;;) {
      const { done, value } = await this.#errors.read();
      if (done) return;
      this.#errorOutput = (this.#errorOutput + value).slice(-KEPT_CHARACTERS);
    }
  }
}

function spawn(executable: string, args: string[]): Deno.ChildProcess {
  try {
    return new Deno.Command(executable, {
      args,
      env: noProxies,
      detached: true,
      stdin: "null",
      stdout: "null",
      stderr: "piped",
    }).spawn();
  } catch (error) {
    if (error instanceof Deno.errors.PermissionDenied) {
      throw notExecutable(executable);
    }
    if (error instanceof Deno.errors.NotCapable) {
      throw new UserError({
        what: "Deno may not start the Unity player",
        found: error.message,
        cure: "Start Deno with --allow-run.",
      }, { cause: error });
    }
    throw new UserError({
      what: "The Unity player cannot be started",
      found: `${executable}: ${error instanceof Error ? error.message : error}`,
      cure: error instanceof Deno.errors.NotFound
        ? "The file is there: what is missing is a program or library that " +
          "loads it, perhaps those for 32 bits, or the one in its first line."
        : `Is it a build for ${Deno.build.os} on ${Deno.build.arch}?`,
    }, { cause: error });
  }
}
