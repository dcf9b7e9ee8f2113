import { PlainCueAgent } from "./plain_cue_agent.ts";
import type { Scene, SceneKind, SceneTools } from "./scene.ts";

/** Rounds of a match. */
const rounds = 10;

/** Its rewards come from the match alone. */
class Rival extends PlainCueAgent {
  protected override act(): void {}
}

/**
 * Two agents of two teams, each with a cue of its own. In each round one wins
 * what the other loses, a tenth, if only one of them is right; at the end the
 * one with more rounds gets 1 and the other -1.
 */
class Match {
  readonly #tools: SceneTools;
  readonly #rivals: readonly Rival[];
  #round = 0;
  #lead = 0;

  constructor(tools: SceneTools) {
    const { academy, dialect, random } = tools;
    this.#tools = tools;
    this.#rivals = [0, 1].map((team) =>
      new Rival(academy, {
        behavior: `Teams?team=${team}`,
        dialect,
        random,
        choices: 3,
      })
    );
    for (const rival of this.#rivals) rival.enable();
  }

  begin(): void {
    this.#round = this.#lead = 0;
  }

  /** What happened in the step before. */
  update(): void {
    if (this.#tools.academy.totalSteps === 0) return;
    const [one, other] = this.#rivals;
    const outcome = Number(one.isRight) - Number(other.isRight);
    this.#lead += outcome;
    const isOver = ++this.#round === rounds;
    const reward = isOver ? Math.sign(this.#lead) : outcome / rounds;
    one.addReward(reward);
    other.addReward(-reward);
    if (!isOver) return;
    for (const rival of this.#rivals) rival.endEpisode();
    this.begin();
  }
}

export const teams: SceneKind = {
  create(tools): Scene {
    const matches = Array.from(
      { length: 4 * tools.areas },
      () => new Match(tools),
    );
    return {
      reset: () => matches.forEach((match) => match.begin()),
      update: () => matches.forEach((match) => match.update()),
    };
  },
};
