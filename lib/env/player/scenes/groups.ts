import { AgentGroup } from "../academy/agent_group.ts";
import { PlainCueAgent } from "./plain_cue_agent.ts";
import type { Scene, SceneKind, SceneTools } from "./scene.ts";

const groupSize = 3;
/** Steps until a group has done its work. */
const workload = 12;
/** Wrong choices that a member survives. */
const lives = 5;
/** Steps until a group that has not done its work is interrupted. */
const patience = 20;

/** Counts its right and wrong choices. */
class Member extends PlainCueAgent {
  mistakes = 0;

  protected override beginEpisode(): void {
    this.mistakes = 0;
  }

  protected override act(): void {
    if (!this.isRight) this.mistakes++;
    // What it gets for itself is little beside the group's reward.
    else this.addReward(0.1);
  }
}

/**
 * Three agents with one aim: rewards of the group for each right choice, a third
 * of 1. A member with five mistakes dies. The group ends when all of it has
 * worked for twelve steps with at least two thirds of all choices right, and is
 * interrupted after twenty steps.
 */
class Team {
  readonly #tools: SceneTools;
  readonly #members: readonly Member[];
  readonly #group: AgentGroup;
  #steps = 0;
  #right = 0;

  constructor(tools: SceneTools) {
    const { academy, dialect, random } = tools;
    this.#tools = tools;
    this.#members = Array.from(
      { length: groupSize },
      () =>
        new Member(academy, {
          behavior: "Groups?team=0",
          dialect,
          random,
          choices: 3,
        }),
    );
    this.#group = new AgentGroup(academy);
    this.begin();
  }

  /** What happened in the step before. */
  update(): void {
    if (this.#tools.academy.totalSteps === 0) return;
    this.#steps++;
    for (const member of this.#members) {
      if (!member.isEnabled) continue;
      if (member.isRight) {
        this.#right++;
        this.#group.addReward(1 / groupSize);
      }
      if (member.mistakes === lives) member.disable();
    }
    const isDone = this.#right >= workload * groupSize * 2 / 3;
    const isOver = this.#steps >= patience || this.#group.size === 0;
    if (!isDone && !isOver) return;
    this.#group.endEpisode(!isDone);
    this.begin();
  }

  /** All members are alive and at work. */
  begin(): void {
    this.#steps = this.#right = 0;
    for (const member of this.#members) {
      member.enable();
      this.#group.add(member);
    }
  }
}

export const groups: SceneKind = {
  create(tools): Scene {
    const teams = Array.from(
      { length: 2 * tools.areas },
      () => new Team(tools),
    );
    return {
      reset: () => teams.forEach((team) => team.begin()),
      update: () => teams.forEach((team) => team.update()),
    };
  },
};
