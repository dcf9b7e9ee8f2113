import type { Academy } from "../academy/academy.ts";
import { Agent } from "../academy/agent.ts";
import { BufferSensor } from "../sensors/buffer_sensor.ts";
import { VectorSensor } from "../sensors/vector_sensor.ts";
import type { SceneKind, SceneTools } from "./scene.ts";

/** Entities that are seen at most; there may be more. */
const visible = 6;

/**
 * Sees up to six marks, one of which is the target: the first. Reward of a
 * step: 1 less half the distance of the action from the target.
 */
class Pointing extends Agent {
  readonly #random: SceneTools["random"];
  readonly #marks: BufferSensor;
  readonly #count: VectorSensor;
  #entities: number[][] = [];

  constructor(academy: Academy, { dialect, random }: SceneTools) {
    const marks = new BufferSensor(dialect, visible, 3);
    const count = new VectorSensor(dialect, 1);
    super(academy, {
      behavior: "Entities?team=0",
      actionSpec: { continuousSize: 2, discreteBranches: [] },
      sensors: [marks, count],
      maxStep: 20,
    });
    this.#random = random;
    this.#marks = marks;
    this.#count = count;
  }

  /** From one entity to one more than can be seen, the target in front. */
  override update(): void {
    const length = 1 + this.#random.integer(visible + 1);
    this.#entities = Array.from({ length }, (_, i) => [
      this.#random.between(-1, 1),
      this.#random.between(-1, 1),
      i === 0 ? 1 : -1,
    ]);
  }

  protected override observe(): void {
    for (const entity of this.#entities) this.#marks.add(entity);
    this.#count.values[0] = this.#entities.length / visible;
  }

  protected override act(): void {
    const [[x, y]] = this.#entities;
    const [atX, atY] = this.continuous;
    this.addReward(1 - Math.hypot(atX - x, atY - y) / 2);
  }
}

export const entities: SceneKind = {
  create(tools) {
    for (let agent = 0; agent < 2 * tools.areas; agent++) {
      new Pointing(tools.academy, tools).enable();
    }
    return {};
  },
};
