import {
  DimensionProperty,
  type ObservationSpec,
  type ObservationType,
} from "../../../spec.ts";
import type { MessageWriter } from "../../unity/messages/message_writer.ts";
import { ObservationWriter } from "../../unity/messages/observation_writer.ts";
import type { Dialect } from "../dialect.ts";
import type { Sensor } from "./sensor.ts";

/** How a vector sensor differs from a plain one. */
export interface VectorSensorOptions {
  /** Frames that are seen at once, the oldest first. */
  readonly stacks?: number;
  readonly type?: ObservationType;
}

/** Plain values, with the names that Unity gives its own sensors. */
export class VectorSensor implements Sensor {
  readonly spec: ObservationSpec;
  /** The present frame, `[size]`: zero until the agent fills it in. */
  readonly values: Float32Array;
  readonly #stack: Float32Array;
  readonly #writer: ObservationWriter;

  constructor(
    dialect: Dialect,
    size: number,
    { stacks = 1, type = "default" }: VectorSensorOptions = {},
  ) {
    const ending = type === "goal" ? "_GoalSignal" : "";
    const name = `VectorSensor_size${size}${ending}`;
    this.spec = {
      name: stacks > 1 ? `StackingSensor_size${stacks}_${name}` : name,
      shape: [size * stacks],
      dimensionProperties: [DimensionProperty.none],
      observationType: type,
    };
    this.#stack = new Float32Array(size * stacks);
    this.values = this.#stack.subarray(size * (stacks - 1));
    this.#writer = new ObservationWriter(this.spec, dialect.style);
  }

  update(): void {
    this.#stack.copyWithin(0, this.values.length);
    this.values.fill(0);
  }

  reset(): void {
    this.#stack.fill(0);
  }

  write(writer: MessageWriter): void {
    this.#writer.write(writer, this.#stack);
  }
}
