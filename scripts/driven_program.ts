import { endProgram, startProgram } from "./child_program.ts";
import { processorSeconds, processTree } from "./process_tree.ts";

/** What one request took, in seconds. */
export interface DrivenTimes {
  /** As the program itself measured it. */
  readonly wall: number;
  /** Processor time of the program. */
  readonly own: number;
  /** Processor time of what the program has started: its player. */
  readonly player: number;
}

/** Milliseconds that a program may take to end its player. */
const PATIENCE = 15_000;

/**
 * A program that does something as often as it is told to, in a process of its
 * own. It says that it is ready, or more, then reads counts, a line at a time, and
 * answers each with the seconds that it took.
 */
export class DrivenProgram {
  readonly #child: Deno.ChildProcess;
  readonly #requests: WritableStreamDefaultWriter<Uint8Array>;
  readonly #answers: ReadableStreamDefaultReader<string>;
  readonly #complaints: Promise<string>;
  #greeting = "";

  private constructor(child: Deno.ChildProcess) {
    this.#child = child;
    this.#requests = child.stdin.getWriter();
    this.#answers = child.stdout.pipeThrough(new TextDecoderStream())
      .getReader();
    this.#complaints = new Response(child.stderr).text();
  }

  /** Starts the program and waits until it is ready. */
  static async start(
    command: string,
    words: readonly string[],
  ): Promise<DrivenProgram> {
    const child = startProgram(command, {
      args: [...words],
      stdin: "piped",
      stdout: "piped",
      stderr: "piped",
    });
    const program = new DrivenProgram(child);
    program.#greeting = await program.#answer();
    return program;
  }

  /** What it said once it was ready. */
  get greeting(): string {
    return this.#greeting;
  }

  /** Throws what the program said if it has ended. */
  async run(count: number): Promise<DrivenTimes> {
    const { pid } = this.#child;
    const player = processTree(pid).filter((id) => id !== pid);
    const before = processorSeconds(player);
    const ownBefore = processorSeconds([pid]);
    await this.#requests.write(new TextEncoder().encode(`${count}\n`));
    const wall = Number(await this.#answer());
    return {
      wall,
      own: processorSeconds([pid]) - ownBefore,
      player: processorSeconds(player) - before,
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    // The end of its input tells the program to end.
    await this.#requests.close().catch(() => {});
    await endProgram(this.#child, PATIENCE);
  }

  async #answer(): Promise<string> {
    const { value } = await this.#answers.read();
    if (value !== undefined) return value;
    throw new Error(await this.#complaints);
  }
}
