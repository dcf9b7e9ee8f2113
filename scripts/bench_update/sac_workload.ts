/** SAC's updates on made-up samples, as in a run. */
import { actNames } from "../../lib/algo/act_program.ts";
import { columnNames, normalizerNames } from "../../lib/algo/column_names.ts";
import { SacNetworks } from "../../lib/algo/sac_networks.ts";
import { sampleColumns } from "../../lib/algo/sac_update_program.ts";
import { initializeParameters } from "../../lib/nn/parameters.ts";
import { WorkerRuntime } from "../../lib/runtime/worker_runtime.ts";
import { sacHyperparameters } from "../../lib/settings/hyperparameters.ts";
import { type ActionSpec, observationSize } from "../../lib/spec.ts";
import { SacLearner } from "../../lib/train/sac_learner.ts";
import type { SacReport } from "../../lib/train/sac_report.ts";
import { Timers } from "../../lib/train/timers.ts";
import type { NamedArray, NamedArrays } from "../../lib/util/arrays.ts";
import { RandomGenerator } from "../../lib/util/random.ts";
import type { UpdateCase, UpdateSize } from "./update_cases.ts";

/** A learner in a worker thread, with as many threads as it chooses. */
export class SacWorkload {
  /** Milliseconds from the losses to the sessions. */
  buildTime = NaN;
  readonly #learner: SacLearner;
  readonly #columns: NamedArrays;
  readonly #normalizer: NamedArrays;

  static async open(
    { observations, encoder, hidden, memory }: UpdateCase,
    actionSpec: ActionSpec,
    { batch, minibatches }: UpdateSize,
  ): Promise<SacWorkload> {
    const random = new RandomGenerator(1);
    const begin = performance.now();
    const networks = new SacNetworks({
      spec: { observationSpecs: observations, actionSpec },
      normalize: true,
      vis_encode_type: encoder,
      goal_conditioning_type: "hyper",
      signals: 1,
      hidden_units: hidden,
      num_layers: 2,
      memory,
      initialTemperature: 1,
    });
    const learner = SacLearner.create(
      new WorkerRuntime(),
      networks,
      {
        hyperparameters: sacHyperparameters.parse({ batch_size: batch }),
        signals: [{ name: "extrinsic", gamma: 0.99, strength: 1 }],
        maxSteps: 1,
      },
      initializeParameters(networks.parameters, random),
      random,
      new Timers(),
    );
    const columns = makeSamples(networks, random, [minibatches, batch]);
    const workload = new SacWorkload(networks, learner, columns);
    // The first updates wait until all is built.
    await workload.run();
    const built = performance.now();
    await workload.run();
    workload.buildTime = 2 * built - begin - performance.now();
    return workload;
  }

  private constructor(
    networks: SacNetworks,
    learner: SacLearner,
    columns: NamedArrays,
  ) {
    this.#learner = learner;
    this.#columns = columns;
    const { observationSpecs } = networks.settings.spec;
    this.#normalizer = Object.fromEntries(
      observationSpecs.flatMap((spec, sensor) => {
        const size = observationSize(spec);
        const all = (value: number) => ({
          data: new Float32Array(size).fill(value),
          shape: [size],
        });
        return [
          [normalizerNames.mean(sensor), all(0)],
          [normalizerNames.scale(sensor), all(1)],
        ];
      }),
    );
  }

  /** All updates once more, with the weights that the last ones left. */
  run(): Promise<SacReport> {
    return this.#learner.update(this.#columns, this.#normalizer, 0);
  }
}

function makeSamples(
  networks: SacNetworks,
  random: RandomGenerator,
  rows: readonly number[],
): NamedArrays {
  const draws: Readonly<Record<string, () => number>> = {
    [columnNames.continuous]: () => Math.tanh(random.normal()),
    [columnNames.discrete]: () => random.integer(2),
    [columnNames.done]: () => random.integer(2),
    [columnNames.mask]: () => 1,
  };
  const columns = Object.entries(sampleColumns(networks))
    .filter(([name]) => name !== actNames.continuousNoise)
    .map(([name, { shape, dtype }]): [string, NamedArray] => {
      const whole = [...rows, ...shape];
      const length = whole.reduce((product, dim) => product * dim, 1);
      const draw = draws[name] ?? (() => random.normal());
      const data = dtype === "int32"
        ? Int32Array.from({ length }, draw)
        : Float32Array.from({ length }, draw);
      return [name, { data, shape: whole }];
    });
  return Object.fromEntries(columns);
}
