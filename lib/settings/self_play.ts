/** `self_play` of a behavior: training against earlier selves. */
import type { z } from "zod";
import type { DeepReadonly } from "../util/deep_freeze.ts";
import { count, real, section } from "./values.ts";

/** User form and resolved form; `{}` switches self-play on with defaults. */
export const selfPlay = section({
  /** Steps between two snapshots of the learning policy. */
  save_steps: count({ min: 1, unit: "steps" }).default(20_000),
  /** Steps until another team learns; five snapshots unless written. */
  team_change: count({ min: 1, unit: "steps" }).optional(),
  /** Steps of the opponents between two swaps of their policy. */
  swap_steps: count({ min: 1, unit: "steps" }).default(2000),
  /** Snapshots that are kept. */
  window: count({ min: 1, unit: "snapshots" }).default(10),
  play_against_latest_model_ratio: real({ min: 0, max: 1 }).default(0.5),
  initial_elo: real().default(1200),
}).transform(({ save_steps, team_change, ...rest }) => ({
  save_steps,
  team_change: team_change ?? 5 * save_steps,
  ...rest,
}));

export type SelfPlaySettings = DeepReadonly<z.output<typeof selfPlay>>;
