import { BehaviorRecords } from "../../../lib/env/unity/behavior_records.ts";
import { ImageBatch } from "../../../lib/env/unity/images/image_batch.ts";
import type { BehaviorSpec } from "../../../lib/spec.ts";

/** A behavior of a player whose images have the channels first everywhere. */
export function makeRecords(
  name: string,
  { observationSpecs, actionSpec }: BehaviorSpec,
  images = new ImageBatch(),
): BehaviorRecords {
  const sensors = observationSpecs.map((spec) => ({
    announcedShape: spec.shape,
    spec,
    floatOrder: "CHW" as const,
  }));
  return new BehaviorRecords({ name, actionSpec }, sensors, images);
}
