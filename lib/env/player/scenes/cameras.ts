import { RandomGenerator } from "../../../util/random.ts";
import type { Academy } from "../academy/academy.ts";
import { Agent } from "../academy/agent.ts";
import { Picture } from "../sensors/picture.ts";
import { VisualSensor } from "../sensors/visual_sensor.ts";
import type { SceneKind, SceneTools } from "./scene.ts";

const agents = 12;
const size = { height: 84, width: 84, depth: 3 };
/** Pictures that all agents share, each encoded once. */
const poolSize = 16;
/** Squares on each side of a picture. */
const squares = 12;

/** A pattern of squares of random colors, with a little noise on each pixel. */
function pattern(random: RandomGenerator): Picture {
  const { height, width, depth } = size;
  const colors = Uint8Array.from(
    { length: squares * squares * depth },
    () => random.integer(248),
  );
  const pixels = new Uint8Array(height * width * depth);
  for (let i = 0; i < pixels.length; i++) {
    const column = Math.floor(i / depth) % width;
    const row = Math.floor(i / depth / width);
    const square = Math.floor(row * squares / height) * squares +
      Math.floor(column * squares / width);
    pixels[i] = colors[square * depth + i % depth] + random.integer(8);
  }
  return new Picture({ ...size, pixels });
}

/**
 * Sees one of the pictures; each asks for a value of its own. Reward of a
 * step: 0.2 less a tenth of the distance, in both of two values.
 */
class Filming extends Agent {
  readonly #random: RandomGenerator;
  readonly #pool: readonly Picture[];
  readonly #eye: VisualSensor;
  #shown = 0;

  constructor(
    academy: Academy,
    { dialect, random }: SceneTools,
    pool: readonly Picture[],
  ) {
    const eye = new VisualSensor(dialect, { name: "Camera", sample: pool[0] });
    super(academy, {
      behavior: "Cameras?team=0",
      actionSpec: { continuousSize: 2, discreteBranches: [] },
      sensors: [eye],
      decisionPeriod: 5,
      maxStep: 250,
    });
    this.#random = random;
    this.#pool = pool;
    this.#eye = eye;
  }

  override update(): void {
    if (this.academy.stepCount % 5 !== 0) return;
    this.#shown = this.#random.integer(poolSize);
  }

  protected override observe(): void {
    this.#eye.show(this.#pool[this.#shown]);
  }

  protected override act(): void {
    const wanted = 2 * this.#shown / (poolSize - 1) - 1;
    const [x, y] = this.continuous;
    this.addReward(0.2 - 0.1 * (Math.abs(x - wanted) + Math.abs(y + wanted)));
  }
}

export const cameras: SceneKind = {
  create(tools) {
    const random = new RandomGenerator(0, "camera pictures");
    const pool = Array.from({ length: poolSize }, () => pattern(random));
    for (let agent = 0; agent < agents * tools.areas; agent++) {
      new Filming(tools.academy, tools, pool).enable();
    }
    return {};
  },
};
