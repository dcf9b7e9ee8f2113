import assert from "node:assert/strict";
import type { Environment } from "../../lib/env/env.ts";
import { parseBehaviorName } from "../../lib/spec.ts";
import { meanOf } from "../support/play_episodes.ts";
import {
  type Behaviors,
  settingsOf,
  trainHere,
} from "../support/train_here.ts";
import { isFull, seeds } from "./seeds.ts";

/** A game that tells how its episodes ended. */
export interface ScoredGame extends Environment {
  /** The score of each finished episode of a behavior. */
  finalRewards(behavior: string): readonly number[];
}

export interface Acceptance {
  readonly name: string;
  readonly game: (seed: number) => ScoredGame;
  /** Settings of every behavior of the game. */
  readonly behavior: Behaviors[string];
  /** What the mean of the last five scores must exceed; 0.9 unless given. */
  readonly threshold?: number;
  /** Takes long and is much like another one: only with LEARNING=full. */
  readonly onlyFull?: boolean;
}

/**
 * One test for each seed: the training runs to its `max_steps`, then the mean
 * of every behavior's last five scores is above the threshold (algorithms, 10).
 */
export function accept(acceptance: Acceptance): void {
  const { name, game, behavior, threshold = 0.9 } = acceptance;
  const ignore = acceptance.onlyFull === true && !isFull;
  for (const seed of seeds) {
    Deno.test(`${name}: seed ${seed}`, { ignore }, async () => {
      const environment = game(seed);
      const fullNames = [...environment.behaviorSpecs.keys()];
      const settings = settingsOf(Object.fromEntries(
        fullNames.map((each) => [parseBehaviorName(each).name, behavior]),
      ));
      await trainHere({ environment, settings, seed });
      for (const fullName of fullNames) {
        const scores = environment.finalRewards(fullName).slice(-5);
        const mean = meanOf(scores);
        console.log(`mean of the last 5 rewards: ${mean.toFixed(3)}`);
        assert.equal(scores.length, 5);
        assert(mean > threshold, `${mean} is not above ${threshold}`);
      }
    });
  }
}
