import type { Academy } from "../academy/academy.ts";
import { Agent } from "../academy/agent.ts";
import { VectorSensor } from "../sensors/vector_sensor.ts";
import type { SceneKind, SceneTools } from "./scene.ts";

const period = 5;

/** How each of the four agents differs from the first one. */
const habits = [
  {},
  { decisionOffset: 2 },
  { actsBetweenDecisions: false },
  { maxStep: 35 },
];

/**
 * Aims at a point: the goal signal says whether at the point that is seen or at
 * its mirror image. Reward of a step: 0.2 less a tenth of the distance in both
 * directions, so 20 for 100 steps at best.
 */
class Aiming extends Agent {
  readonly #tools: SceneTools;
  readonly #target = new Float32Array(2);
  readonly #sensors: ReturnType<typeof makeSensors>;
  #sign = 1;

  constructor(
    academy: Academy,
    tools: SceneTools,
    habit: typeof habits[number],
  ) {
    const sensors = makeSensors(tools);
    super(academy, {
      behavior: "Vectors?team=0",
      actionSpec: { continuousSize: 2, discreteBranches: [] },
      sensors: Object.values(sensors),
      decisionPeriod: period,
      maxStep: 100,
      ...habit,
    });
    this.#tools = tools;
    this.#sensors = sensors;
  }

  override update(): void {
    if (this.academy.stepCount % period !== 0) return;
    const { random } = this.#tools;
    for (let i = 0; i < 2; i++) this.#target[i] = random.between(-1, 1);
  }

  protected override beginEpisode(): void {
    this.#sign = this.#tools.random.integer(2) === 0 ? 1 : -1;
  }

  protected override observe(): void {
    const { target, goal, clock } = this.#sensors;
    target.values.set(this.#target);
    goal.values[this.#sign > 0 ? 0 : 1] = 1;
    clock.values[0] = this.stepCount / 100;
  }

  protected override act(): void {
    let distance = 0;
    this.#target.forEach((value, i) =>
      distance += Math.abs(this.continuous[i] - this.#sign * value)
    );
    this.addReward(0.2 - 0.1 * distance);
  }
}

function makeSensors({ dialect }: SceneTools) {
  return {
    target: new VectorSensor(dialect, 2, { stacks: 3 }),
    goal: new VectorSensor(dialect, 2, { type: "goal" }),
    clock: new VectorSensor(dialect, 1),
    nothing: new VectorSensor(dialect, 0),
  };
}

export const vectors: SceneKind = {
  create(tools) {
    for (let area = 0; area < tools.areas; area++) {
      for (const habit of habits) {
        new Aiming(tools.academy, tools, habit).enable();
      }
    }
    return {};
  },
};
