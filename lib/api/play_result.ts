import type { PlayedEpisode } from "../train/acting_agents.ts";

/** What came of letting models act. */
export interface PlayResult {
  /** `stopped` = by the user, before all wanted episodes were played. */
  readonly reason: "finished" | "stopped";
  readonly elapsedSeconds: number;
  /** Decisions by behavior. */
  readonly steps: Readonly<Record<string, number>>;
  /** Episodes by behavior, in the order in which they began. */
  readonly episodes: Readonly<Record<string, readonly PlayedEpisode[]>>;
}
