import { PlainCueAgent } from "./plain_cue_agent.ts";
import type { Scene, SceneKind, SceneTools } from "./scene.ts";

/** Steps at which something happens, counted from the start. */
export const crowdTimes = {
  /** A third resident comes. */
  addition: 10,
  /** The first resident leaves, and is back five steps later. */
  leave: 15,
  comeBack: 20,
  /** The behavior that is there from the start vanishes. */
  vanishing: 25,
  /** A behavior appears that nobody knew. */
  appearance: 40,
} as const;

/** Two residents from the start on; a timetable for all others. */
function createCrowd({ academy, dialect, random }: SceneTools): Scene {
  const agent = (name: string) =>
    new PlainCueAgent(academy, {
      behavior: `${name}?team=0`,
      dialect,
      random,
      choices: 2,
      maxStep: 50,
    });
  const residents = [agent("Resident"), agent("Resident"), agent("Resident")];
  const brief = agent("Brief");
  const late = agent("Late");
  for (const each of [residents[0], residents[1], brief]) each.enable();
  return {
    update: () => {
      switch (academy.totalSteps) {
        case crowdTimes.addition:
          return residents[2].enable();
        case crowdTimes.leave:
          return residents[0].disable();
        case crowdTimes.comeBack:
          return residents[0].enable();
        case crowdTimes.vanishing:
          return brief.disable();
        case crowdTimes.appearance:
          return late.enable();
      }
    },
  };
}

export const crowd: SceneKind = {
  create(tools) {
    const crowds = Array.from(
      { length: tools.areas },
      () => createCrowd(tools),
    );
    return { update: () => crowds.forEach((each) => each.update?.()) };
  },
};
