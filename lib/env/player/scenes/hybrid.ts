import type { Academy } from "../academy/academy.ts";
import { Agent } from "../academy/agent.ts";
import { VectorSensor } from "../sensors/vector_sensor.ts";
import type { SceneKind, SceneTools } from "./scene.ts";

const choices = 3;

/**
 * Sees a value and a cue: is to answer with the value, with the cue, and with
 * 1 if the value is positive. Reward 0.5 less half the distance, and 0.25 for
 * each right choice.
 */
class Hybrid extends Agent {
  readonly #random: SceneTools["random"];
  readonly #sensor: VectorSensor;
  #value = 0;
  #cue = 0;

  constructor(academy: Academy, { dialect, random }: SceneTools) {
    const sensor = new VectorSensor(dialect, 1 + choices);
    super(academy, {
      behavior: "Hybrid?team=0",
      actionSpec: { continuousSize: 1, discreteBranches: [choices, 2] },
      sensors: [sensor],
      maxStep: 20,
    });
    this.#random = random;
    this.#sensor = sensor;
  }

  override update(): void {
    this.#value = this.#random.between(-1, 1);
    this.#cue = this.#random.integer(choices);
  }

  protected override observe(): void {
    this.#sensor.values[0] = this.#value;
    this.#sensor.values[1 + this.#cue] = 1;
  }

  /** The choice behind the right one is forbidden. */
  protected override maskActions(): void {
    this.forbid(0, (this.#cue + 1) % choices);
  }

  protected override act(): void {
    const [choice, sign] = this.discrete;
    this.addReward(0.5 - Math.abs(this.continuous[0] - this.#value) / 2);
    if (choice === this.#cue) this.addReward(0.25);
    if (sign === Number(this.#value > 0)) this.addReward(0.25);
  }
}

export const hybrid: SceneKind = {
  create(tools) {
    for (let agent = 0; agent < 2 * tools.areas; agent++) {
      new Hybrid(tools.academy, tools).enable();
    }
    return {};
  },
};
