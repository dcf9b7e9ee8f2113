import { PlainCueAgent } from "./plain_cue_agent.ts";
import type { SceneKind } from "./scene.ts";

const period = 4;
/** Steps of an episode; it ends in the middle of a period. */
const length = 10;

/** Ends by itself, in the middle of a period. */
class Regular extends PlainCueAgent {
  protected override act(): void {
    super.act();
    if (this.stepCount >= length) this.endEpisode();
  }
}

/** Ends, and once more before it has decided anything. */
class Twice extends PlainCueAgent {
  protected override act(): void {
    super.act();
    if (this.stepCount < length) return;
    this.endEpisode();
    this.addReward(100);
    this.endEpisode(true);
  }
}

/** Ends right behind its decision, because another agent wants it so. */
class Victim extends PlainCueAgent {}

/** Ends the victim's episode while it looks around. */
class Intruder extends PlainCueAgent {
  victim: Victim | null = null;

  protected override observe(): void {
    super.observe();
    if (this.academy.stepCount % (5 * period) === 1) {
      this.victim?.endEpisode();
    }
  }
}

/** Ends before its first decision. */
class Hasty extends PlainCueAgent {
  override update(): void {
    super.update();
    if (this.academy.totalSteps === 0) this.endEpisode();
  }
}

export const endings: SceneKind = {
  create({ academy, dialect, random, areas }) {
    for (let area = 0; area < areas; area++) {
      const options = {
        behavior: "Endings?team=0",
        dialect,
        random,
        choices: 2,
        decisionPeriod: period,
      };
      const victim = new Victim(academy, options);
      const intruder = new Intruder(academy, options);
      intruder.victim = victim;
      const agents = [
        new Hasty(academy, { ...options, decisionOffset: 1 }),
        new Regular(academy, options),
        new Twice(academy, options),
        victim,
        intruder,
      ];
      for (const agent of agents) agent.enable();
    }
    return {};
  },
};
