import { PlainCueAgent } from "./plain_cue_agent.ts";
import type { SceneKind } from "./scene.ts";

/** Steps before the late agent forbids something for the first time. */
const lateStart = 30;

/** Forbids nothing. */
class Free extends PlainCueAgent {}

/** Forbids the action behind the right one. */
class Forbidding extends PlainCueAgent {
  protected override maskActions(): void {
    this.forbid(0, (this.cue + 1) % this.choices);
  }
}

/** Forbids nothing for a while, then something at every other cue. */
class LateForbidding extends PlainCueAgent {
  protected override maskActions(): void {
    if (this.academy.totalSteps < lateStart || this.cue % 2 !== 0) return;
    this.forbid(0, this.cue + 1);
  }
}

export const masks: SceneKind = {
  create({ academy, dialect, random, areas }) {
    for (let area = 0; area < areas; area++) {
      for (const Kind of [Free, Forbidding, LateForbidding]) {
        new Kind(academy, {
          behavior: "Masks?team=0",
          dialect,
          random,
          choices: 4,
          decisionPeriod: 2,
          maxStep: 20,
        }).enable();
      }
    }
    return {};
  },
};
