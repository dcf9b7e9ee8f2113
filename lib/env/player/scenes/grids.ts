import type { Academy } from "../academy/academy.ts";
import { Picture } from "../sensors/picture.ts";
import { VisualSensor } from "../sensors/visual_sensor.ts";
import { CueAgent } from "./cue_agent.ts";
import type { SceneKind, SceneTools } from "./scene.ts";

const choices = 4;
const size = { height: 20, width: 24, depth: choices };

/** One picture for each channel: filled but for its first column. */
const gridPictures = Array.from(
  { length: choices },
  (_, lit) => filled(lit, false),
);
const layerPictures = Array.from(
  { length: choices },
  (_, lit) => filled(lit, true),
);

function filled(lit: number, isOneFile: boolean): Picture {
  const { height, width, depth } = size;
  const pixels = new Uint8Array(height * width * depth);
  for (let cell = 0; cell < height * width; cell++) {
    if (cell % width > 0) pixels[cell * depth + lit] = 255;
  }
  return new Picture({ ...size, pixels, isOneFile });
}

/** Sees in three ways which of four channels is filled: its cue. */
class Scanning extends CueAgent {
  readonly #gridEyes: readonly VisualSensor[];
  readonly #layerEye: VisualSensor;

  constructor(academy: Academy, { dialect, random }: SceneTools) {
    const [grid] = gridPictures;
    const [layer] = layerPictures;
    const gridEyes = [
      new VisualSensor(dialect, { name: "Grid", sample: grid }),
      new VisualSensor(dialect, { name: "Grid", sample: grid, stacks: 2 }),
    ];
    const layerEye = new VisualSensor(dialect, {
      name: "Layers",
      sample: layer,
    });
    super(academy, {
      behavior: "Grids?team=0",
      random,
      choices,
      sensors: [...gridEyes, layerEye],
      decisionPeriod: 2,
      maxStep: 20,
    });
    this.#gridEyes = gridEyes;
    this.#layerEye = layerEye;
  }

  protected override observe(): void {
    for (const eye of this.#gridEyes) eye.show(gridPictures[this.cue]);
    this.#layerEye.show(layerPictures[this.cue]);
  }
}

export const grids: SceneKind = {
  create(tools) {
    for (let area = 0; area < tools.areas; area++) {
      new Scanning(tools.academy, tools).enable();
    }
    return {};
  },
};
