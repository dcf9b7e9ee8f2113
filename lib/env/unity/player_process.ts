import { resolve } from "node:path";
import { UserError } from "../../errors.ts";
import { findExecutable, notExecutable } from "./executable.ts";

/** How to start a player. */
export interface PlayerProcessOptions {
  readonly executable: string;
  readonly port: number;
  readonly noGraphics: boolean;
  /** Where the player is to write its log; null = wherever Unity does. */
  readonly logFile: string | null;
  /** The user's own arguments, passed on as they are. */
  readonly args: readonly string[];
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

/** Characters of output and log that are quoted when a player dies. */
const QUOTED_CHARACTERS = 1500;

const alive = new Set<PlayerProcess>();
globalThis.addEventListener("unload", () => {
  for (const player of alive) player.kill();
});

/** A Unity player that we started: a process group of its own. */
export class PlayerProcess {
  /** Resolves when the player has ended. */
  readonly exited: Promise<Deno.CommandStatus>;
  readonly #child: Deno.ChildProcess;
  readonly #logFile: string | null;
  #errorOutput = "";

  /** Starts the player; throws a UserError if that is not possible. */
  constructor(options: PlayerProcessOptions) {
    const executable = resolve(findExecutable(options.executable));
    this.#logFile = options.logFile && resolve(options.logFile);
    try {
      this.#child = new Deno.Command(executable, {
        args: playerArguments(options, this.#logFile),
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
        found: `${executable}: ${error instanceof Error ? error.message : ""}`,
        cure: `Is it a build for ${Deno.build.os} on ${Deno.build.arch}?`,
      }, { cause: error });
    }
    alive.add(this);
    const output = this.#keepErrorOutput();
    this.exited = this.#child.status.then(async (status) => {
      // What the player has started does not outlive it.
      this.kill();
      alive.delete(this);
      await output;
      return status;
    });
  }

  get pid(): number {
    return this.#child.pid;
  }

  /** Waits `graceMilliseconds` for the player to end, then kills it. */
  async stop(graceMilliseconds: number): Promise<void> {
    const timer = setTimeout(() => this.kill(), graceMilliseconds);
    await this.exited;
    clearTimeout(timer);
  }

  /**
   * Kills the player and whatever it has started; the player alone if Deno may
   * not run, and so not kill, other programs than this one.
   */
  kill(): void {
    if (!alive.has(this)) return;
    try {
      if (Deno.permissions.querySync({ name: "run" }).state !== "granted") {
        return this.#child.kill("SIGKILL");
      }
      // A negative id means the process group; Windows has none.
      const group = Deno.build.os === "windows" ? this.pid : -this.pid;
      Deno.kill(group, "SIGKILL");
    } catch (error) {
      // It has ended.
      if (error instanceof Deno.errors.NotFound) return;
      if (!(error instanceof TypeError)) throw error;
    }
  }

  /** The error that names how the player ended and quotes its last words. */
  async exitError(): Promise<UserError> {
    const { code, signal } = await this.exited;
    const lastWords = this.#lastWords();
    return new UserError({
      what: "The Unity player ended",
      found: signal ? `killed by ${signal}` : `exit code ${code}`,
      cure: (lastWords ? `Its last words:\n${lastWords}\n  ` : "") +
        (this.#logFile
          ? `Its log: ${this.#logFile}`
          : "Start the player by hand to see what happens."),
    });
  }

  /** Reads the player's error output until its end, keeping the last part. */
  async #keepErrorOutput(): Promise<void> {
    for await (
      const text of this.#child.stderr.pipeThrough(new TextDecoderStream())
    ) {
      this.#errorOutput = (this.#errorOutput + text).slice(-QUOTED_CHARACTERS);
    }
  }

  #lastWords(): string {
    const log = this.#logFile ? readEnd(this.#logFile) : "";
    return (log + this.#errorOutput).trim().split("\n")
      .slice(-12).map((line) => `    ${line}`.trimEnd()).join("\n");
  }
}

/** The arguments in the order in which Unity's own trainer gives them. */
export function playerArguments(
  { port, noGraphics, args }: PlayerProcessOptions,
  logFile: string | null,
): string[] {
  const choosesLog = args.some((arg) => arg.toLowerCase() === "-logfile");
  return [
    ...(noGraphics ? ["-nographics", "-batchmode"] : []),
    "--mlagents-port",
    String(port),
    ...(logFile && !choosesLog ? ["-logFile", logFile] : []),
    ...args,
  ];
}

/** The last part of a text file; empty if it cannot be read. */
function readEnd(path: string): string {
  try {
    using file = Deno.openSync(path);
    const { size } = file.statSync();
    const bytes = new Uint8Array(Math.min(size, QUOTED_CHARACTERS));
    file.seekSync(-bytes.length, Deno.SeekMode.End);
    const count = file.readSync(bytes) ?? 0;
    return new TextDecoder().decode(bytes.subarray(0, count));
  } catch {
    return "";
  }
}
