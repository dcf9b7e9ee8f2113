import type { PeerPrograms } from "./peer_programs.ts";

/** What the tables of this benchmark need. */
export interface TableOptions {
  /** For the players' files. */
  readonly folder: string;
  /** Null = there is nothing to compare with. */
  readonly peer: PeerPrograms | null;
  readonly rounds: number;
  /** The first of the ports that may be used. */
  readonly basePort: number;
}

/** A figure for people; a dash where it is not known. */
export function figure(value: number, digits = 0, unit = ""): string {
  return Number.isFinite(value) ? `${value.toFixed(digits)}${unit}` : "-";
}
