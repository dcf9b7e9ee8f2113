import { DimensionProperty, type ObservationSpec } from "../../../spec.ts";
import type { MessageWriter } from "../../unity/messages/message_writer.ts";
import { ObservationWriter } from "../../unity/messages/observation_writer.ts";
import type { Dialect } from "../dialect.ts";
import type { Sensor } from "./sensor.ts";

/** Any number of entities up to a maximum, filled from the top. */
export class BufferSensor implements Sensor {
  readonly spec: ObservationSpec;
  readonly #values: Float32Array;
  readonly #writer: ObservationWriter;
  #used = 0;

  /** Throws a UserError if package or trainer know no such sensors. */
  constructor(dialect: Dialect, maximum: number, size: number) {
    dialect.demand(
      "variableLengthObservations",
      "observations of variable length",
      "BufferSensor",
    );
    this.spec = {
      name: "BufferSensor",
      shape: [maximum, size],
      dimensionProperties: [
        DimensionProperty.variableSize,
        DimensionProperty.none,
      ],
      observationType: "default",
    };
    this.#values = new Float32Array(maximum * size);
    this.#writer = new ObservationWriter(this.spec, dialect.style);
  }

  /** Adds an entity, `[size]`; beyond the maximum it is dropped. */
  add(entity: ArrayLike<number>): void {
    if (this.#used + entity.length > this.#values.length) return;
    this.#values.set(entity, this.#used);
    this.#used += entity.length;
  }

  update(): void {
    this.reset();
  }

  reset(): void {
    this.#values.fill(0);
    this.#used = 0;
  }

  write(writer: MessageWriter): void {
    this.#writer.write(writer, this.#values);
  }
}
