import { join } from "node:path";
import type { Trainer } from "../timed_training.ts";

/** How to run the reference trainer and its library. */
export interface PeerPrograms {
  readonly python: string;
  readonly trainer: Trainer;
}

/**
 * The reference trainer of a virtual environment; null, with a line that says
 * so, where there is none. `script` replaces its command where that needs
 * repairs to run.
 */
export function findPeer(
  directory: string | undefined,
  script: string | undefined,
): PeerPrograms | null {
  if (directory === undefined) return null;
  const python = join(directory, "bin", "python");
  const command = script ?? join(directory, "bin", "mlagents-learn");
  for (const path of [python, command]) {
    if (isFile(path)) continue;
    console.log(`No reference trainer to compare with: ${path} is missing.\n`);
    return null;
  }
  return {
    python,
    trainer: { name: "peer", command: python, words: [command] },
  };
}

function isFile(path: string): boolean {
  try {
    return Deno.statSync(path).isFile;
  } catch {
    return false;
  }
}
