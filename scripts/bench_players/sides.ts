import { fileURLToPath } from "node:url";
import { DrivenProgram, type DrivenTimes } from "../driven_program.ts";
import type { PeerPrograms } from "./peer_programs.ts";

/** Ours and, where there is one, the peer: programs that do the same. */
export class Sides implements AsyncDisposable {
  readonly #programs: DrivenProgram[] = [];

  /**
   * Starts NAME_ours.ts and NAME_peer.py, each with the words for its side:
   * 0 is ours.
   */
  static async start(
    name: "exchange" | "intake",
    peer: PeerPrograms | null,
    wordsOf: (side: number) => readonly string[],
  ): Promise<Sides> {
    const file = (ending: string) =>
      fileURLToPath(new URL(`${name}_${ending}`, import.meta.url));
    const commands: [string, string[]][] = [
      [Deno.execPath(), ["run", "-A", "--no-check", file("ours.ts")]],
    ];
    if (peer) commands.push([peer.python, [file("peer.py")]]);
    const sides = new Sides();
    try {
      for (const [side, [command, words]] of commands.entries()) {
        sides.#programs.push(
          await DrivenProgram.start(command, [...words, ...wordsOf(side)]),
        );
      }
    } catch (error) {
      await sides[Symbol.asyncDispose]();
      throw error;
    }
    return sides;
  }

  /**
   * Lets each side do its work so many times in every round, one after the
   * other, and returns the times of each: what else goes on in the machine
   * slows all alike. A first round, in which they warm up, does not count.
   */
  async runInTurn(
    countOf: (side: number) => number,
    rounds: number,
  ): Promise<DrivenTimes[][]> {
    const times: DrivenTimes[][] = this.#programs.map(() => []);
    for (let round = 0; round <= rounds; round++) {
      for (const [side, program] of this.#programs.entries()) {
        const time = await program.run(countOf(side));
        if (round > 0) times[side].push(time);
      }
    }
    return times;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const program of this.#programs) await program[Symbol.asyncDispose]();
  }
}
