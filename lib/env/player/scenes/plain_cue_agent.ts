import type { Academy } from "../academy/academy.ts";
import type { Dialect } from "../dialect.ts";
import { VectorSensor } from "../sensors/vector_sensor.ts";
import { CueAgent, type CueAgentOptions } from "./cue_agent.ts";

/** A cue agent's options but for its only sensor. */
export interface PlainCueAgentOptions extends Omit<CueAgentOptions, "sensors"> {
  readonly dialect: Dialect;
}

/** Sees its cue as a vector: 1 at its place, 0 elsewhere. */
export class PlainCueAgent extends CueAgent {
  readonly #sensor: VectorSensor;

  constructor(academy: Academy, options: PlainCueAgentOptions) {
    const sensor = new VectorSensor(options.dialect, options.choices);
    super(academy, { ...options, sensors: [sensor] });
    this.#sensor = sensor;
  }

  protected override observe(): void {
    this.#sensor.values[this.cue] = 1;
  }
}
