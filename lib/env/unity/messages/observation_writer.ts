/** Writes `ObservationProto` with uncompressed values. */
import { observationSize, type ObservationSpec } from "../../../spec.ts";
import { MessageWriter } from "./message_writer.ts";
import { AgentInfo, FloatData, Observation, ObservationKind } from "./tags.ts";

/** Writes the observations of one sensor. */
export class ObservationWriter {
  readonly #size: number;
  readonly #shape: Uint8Array;
  readonly #rest: Uint8Array;

  constructor(spec: ObservationSpec) {
    this.#size = observationSize(spec);
    const writer = new MessageWriter();
    writer.int32s(Observation.shape, spec.shape);
    this.#shape = writer.message.slice();
    writer.clear();
    writer.int32s(Observation.dimensionProperties, spec.dimensionProperties);
    if (spec.observationType === "goal") {
      writer.int32(Observation.observationType, ObservationKind.goal);
    }
    writer.string(Observation.name, spec.name);
    this.#rest = writer.message.slice();
  }

  /** Adds row `row` of `values`, `[agents, size]`, to an agent's info. */
  write(writer: MessageWriter, values: Float32Array, row: number): void {
    const observation = writer.open(AgentInfo.observations);
    writer.raw(this.#shape);
    const data = writer.open(Observation.floatData);
    writer.floats(FloatData.data, values, row * this.#size, this.#size);
    writer.close(data);
    writer.raw(this.#rest);
    writer.close(observation);
  }
}
