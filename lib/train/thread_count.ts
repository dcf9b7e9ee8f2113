/** How many threads a program's operators should use. */
import { entityCodeSize } from "../nn/entity_encoder.ts";
import { observationKind } from "../nn/observation_kind.ts";
import { observationSize, type ObservationSpec } from "../spec.ts";

/** Multiply-adds of one operator from which a second thread pays off. */
const worthwhile = 16e6;

/** About so many per value of an image: 16 kernels of twice their stride. */
const workOfPixel = 64;

/** More threads than this gain nothing at the sizes of agents' networks. */
const most = 8;

export interface ThreadNeeds {
  /** Rows that the networks are fed at once. */
  readonly rows: number;
  readonly hiddenUnits: number;
  /** What encoders read: images and entities are more work than the layers. */
  readonly observations: readonly ObservationSpec[];
  /** Programs that run at the same time and share the cores. */
  readonly sideBySide: number;
  readonly cores?: number;
}

/**
 * Threads for one program: 1 while its largest product is small, because
 * waking threads costs more than it saves, and never more than its share of
 * the cores. Measured on two cores: for one program alone a second thread costs
 * 17 % at 64 rows of 128 units, saves 14 % at 1024 rows and 38 % at 1024 rows of
 * 512 units, 36 % at 64 images or rows of 20 entities; for two update programs
 * side by side it costs 10 % at every size. Results repeat bit for bit; with
 * another number of threads those of convolutions, attention and memory differ
 * in their last bits.
 */
export function chooseThreads(
  {
    rows,
    hiddenUnits,
    observations,
    sideBySide,
    cores = navigator.hardwareConcurrency,
  }: ThreadNeeds,
): number {
  const largest = Math.max(hiddenUnits ** 2, ...observations.map(encoderWork));
  if (rows * largest < worthwhile) return 1;
  return Math.max(1, Math.min(Math.floor(cores / sideBySide), most));
}

/** Multiply-adds per row of the largest operator of a sensor's encoder. */
function encoderWork(spec: ObservationSpec): number {
  switch (observationKind(spec)) {
    case "vector":
      return 0;
    case "visual":
      return observationSize(spec) * workOfPixel;
    case "entities":
      // Queries, keys and values of every entity.
      return spec.shape[0] * 3 * entityCodeSize ** 2;
  }
}
