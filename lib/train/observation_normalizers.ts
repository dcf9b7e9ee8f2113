/** The running normalisers of a behaviour's sensors. */
import { normalizerNames } from "../algo/column_names.ts";
import type { Rollout } from "../data/rollout.ts";
import { UserError } from "../errors.ts";
import { RunningNormalizer } from "../nn/normalizer.ts";
import {
  addPrefix,
  type NamedArray,
  type NamedArrays,
  takePrefix,
} from "../util/arrays.ts";

export class ObservationNormalizers {
  readonly #normalizers: readonly (readonly [number, RunningNormalizer])[];

  /** By sensor: the number of values, or null where they stay as they are. */
  constructor(sizes: readonly (number | null)[]) {
    this.#normalizers = sizes.flatMap((size, sensor) =>
      size === null ? [] : [[sensor, new RunningNormalizer(size)]]
    );
  }

  /** True when there is anything to update. */
  get areUsed(): boolean {
    return this.#normalizers.length > 0;
  }

  /** Takes in the observations of finished experience. */
  update(rollout: Rollout, rows: Int32Array): void {
    for (const [sensor, normalizer] of this.#normalizers) {
      normalizer.update(rollout.observations[sensor], rows);
    }
  }

  /** The statistics as inputs of the programs. */
  inputs(): NamedArrays {
    const inputs: Record<string, NamedArray> = {};
    for (const [sensor, normalizer] of this.#normalizers) {
      const { mean, scale } = normalizer.statistics();
      const shape = [normalizer.size];
      inputs[normalizerNames.mean(sensor)] = { data: mean, shape };
      inputs[normalizerNames.scale(sensor)] = { data: scale, shape };
    }
    return inputs;
  }

  snapshot(): NamedArrays {
    return Object.assign(
      {},
      ...this.#normalizers.map(([sensor, normalizer]) =>
        addPrefix(`${sensor}.`, normalizer.snapshot())
      ),
    );
  }

  /** Throws UserError when the state was saved with other sensors or none. */
  restore(state: NamedArrays): void {
    const shapes = (arrays: NamedArrays) =>
      Object.entries(arrays).map(([name, { shape }]) => `${name} [${shape}]`)
        .sort().join(", ");
    const [present, saved] = [shapes(this.snapshot()), shapes(state)];
    if (present !== saved) {
      throw new UserError({
        what: "the checkpoint's normalizers do not fit this run",
        path: "network_settings.normalize",
        found: saved || "observations that were not normalized",
        allowed: present || "observations that are not normalized",
        cure: "Use the network settings and the environment that the " +
          "checkpoint was trained with, or start a new run.",
      });
    }
    for (const [sensor, normalizer] of this.#normalizers) {
      normalizer.restore(takePrefix(`${sensor}.`, state));
    }
  }
}
