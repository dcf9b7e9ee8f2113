/** `self_play` of a behavior: training against earlier selves. */
import { count, real, section } from "./values.ts";

/** User form and resolved form; `{}` switches self-play on with defaults. */
export const selfPlay = section({
  save_steps: count({ min: 1, unit: "steps" }).default(20_000)
    .describe("Steps between two snapshots of the learning policy."),
  team_change: count({ min: 1, unit: "steps" }).optional()
    .describe(
      "Steps until another team learns; 5 x save_steps unless written.",
    ),
  swap_steps: count({ min: 1, unit: "steps" }).default(2000)
    .describe("Steps of the opponents between two swaps of their policy."),
  window: count({ min: 1, unit: "snapshots" }).default(10)
    .describe("Snapshots that are kept."),
  play_against_latest_model_ratio: real({ min: 0, max: 1 }).default(0.5)
    .describe("Share of the games against the latest policy."),
  initial_elo: real().default(1200).describe("First rating of the policy."),
}).transform(({ save_steps, team_change, ...rest }) => ({
  save_steps,
  team_change: team_change ?? 5 * save_steps,
  ...rest,
}));
