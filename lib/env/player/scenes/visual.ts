import type { Academy } from "../academy/academy.ts";
import type { Picture } from "../sensors/picture.ts";
import { VisualSensor } from "../sensors/visual_sensor.ts";
import { CueAgent } from "./cue_agent.ts";
import { litColumns } from "./lit_columns.ts";
import type { SceneKind, SceneTools } from "./scene.ts";

const choices = 3;
const size = { height: 20, width: 30, depth: 3 };

/** What there is to see for each cue. */
interface Views {
  readonly color: readonly Picture[];
  readonly grey: readonly Picture[];
}

/** Sees in four ways which third of the picture is lit: its cue. */
class Watching extends CueAgent {
  readonly #views: Views;
  readonly #colorEyes: readonly VisualSensor[];
  readonly #greyEyes: readonly VisualSensor[];

  constructor(academy: Academy, tools: SceneTools, views: Views) {
    const { dialect, random } = tools;
    const eye = (
      name: string,
      sample: Picture,
      rest: { stacks?: number; isCompressed?: boolean } = {},
    ) => new VisualSensor(dialect, { name, sample, ...rest });
    const [color] = views.color;
    const [grey] = views.grey;
    const colorEyes = [
      eye("Camera", color),
      eye("RawCamera", color, { isCompressed: false }),
    ];
    const greyEyes = [
      eye("GreyCamera", grey),
      eye("GreyCamera", grey, { stacks: 2 }),
    ];
    super(academy, {
      behavior: "Visual?team=0",
      random,
      choices,
      sensors: [...colorEyes, ...greyEyes],
      maxStep: 20,
    });
    this.#views = views;
    this.#colorEyes = colorEyes;
    this.#greyEyes = greyEyes;
  }

  protected override observe(): void {
    const { color, grey } = this.#views;
    for (const eye of this.#colorEyes) eye.show(color[this.cue]);
    for (const eye of this.#greyEyes) eye.show(grey[this.cue]);
  }
}

export const visual: SceneKind = {
  create(tools) {
    const views = {
      color: litColumns(size, choices),
      grey: litColumns({ ...size, isGrey: true }, choices),
    };
    for (let agent = 0; agent < 2 * tools.areas; agent++) {
      new Watching(tools.academy, tools, views).enable();
    }
    return {};
  },
};
