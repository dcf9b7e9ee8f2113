/** The update phase that `bench_update.ts` times, on made-up experience. */
import {
  columnNames,
  normalizerNames,
  PpoNetworks,
} from "../lib/algo/ppo_networks.ts";
import {
  policyUpdateProgram,
  ppoScalars,
  valueUpdateProgram,
} from "../lib/algo/ppo_update_programs.ts";
import { initializeParameters } from "../lib/nn/parameters.ts";
import { WorkerRuntime } from "../lib/runtime/worker_runtime.ts";
import { vectorObservation } from "../lib/spec.ts";
import { WeightGroup } from "../lib/train/weight_group.ts";
import type { NamedArray, NamedArrays } from "../lib/util/arrays.ts";
import { RandomGenerator } from "../lib/util/random.ts";

/** Experience as 3DBall's: decisions, observation and action sizes. */
const decisions = 12_000;
const observations = 8;
const actions = 2;

/** Sizes of one measurement; the networks have two hidden layers. */
export interface UpdateSize {
  readonly hidden: number;
  readonly batch: number;
  /** Minibatches of one call. */
  readonly minibatches: number;
}

/** Actor and critic in worker threads, as in a run. */
export class UpdateWorkload {
  readonly #runtime: WorkerRuntime;
  readonly #groups: readonly WeightGroup[];
  readonly #feeds: NamedArrays;
  readonly #rows: NamedArray;

  /** Compiles both programs, each for `threads` threads. */
  static async open(
    size: UpdateSize,
    threads: number,
  ): Promise<UpdateWorkload> {
    const networks = new PpoNetworks({
      spec: {
        observationSpecs: [vectorObservation(observations)],
        actionSpec: { continuousSize: actions, discreteBranches: [] },
      },
      normalize: true,
      signals: 1,
      hidden_units: size.hidden,
      num_layers: 2,
    });
    const programs = {
      actor: policyUpdateProgram(networks, size.batch),
      critic: valueUpdateProgram(networks, size.batch),
    };
    const random = new RandomGenerator(1);
    const runtime = new WorkerRuntime();
    const groups = await Promise.all(
      (["actor", "critic"] as const).map((network) => {
        const parameters = networks.parametersOf(network);
        const weights = initializeParameters(parameters, random);
        const program = programs[network];
        return WeightGroup.create(network, runtime, program, weights, threads);
      }),
    );
    return new UpdateWorkload(runtime, groups, random, size);
  }

  private constructor(
    runtime: WorkerRuntime,
    groups: readonly WeightGroup[],
    random: RandomGenerator,
    { batch, minibatches }: UpdateSize,
  ) {
    this.#runtime = runtime;
    this.#groups = groups;
    this.#feeds = makeExperience(random);
    this.#rows = {
      data: Int32Array.from(
        { length: minibatches * batch },
        () => random.integer(decisions),
      ),
      shape: [minibatches, batch],
    };
  }

  /** One update phase; always from the same weights. */
  async run(): Promise<NamedArrays[]> {
    return await Promise.all(
      this.#groups.map((group) => group.run(this.#feeds, this.#rows, 3e-4, 0)),
    );
  }

  close(): void {
    this.#runtime.close();
  }
}

function makeExperience(random: RandomGenerator): NamedArrays {
  const column = (shape: number[], mean = 0, scale = 1): NamedArray => {
    const length = shape.reduce((a, b) => a * b, 1);
    const draw = () => mean + scale * random.normal();
    return { data: Float32Array.from({ length }, draw), shape };
  };
  const scalar = (value: number): NamedArray => ({
    data: Float32Array.of(value),
    shape: [],
  });
  return {
    [columnNames.observation(0)]: column([decisions, observations]),
    [columnNames.continuous]: column([decisions, actions]),
    [columnNames.oldLogProbabilities]: column([decisions, actions], -1.4, 0.1),
    [columnNames.advantages]: column([decisions]),
    [columnNames.returns]: column([decisions, 1]),
    [normalizerNames.mean(0)]: column([observations], 0, 0),
    [normalizerNames.scale(0)]: column([observations], 1, 0),
    [ppoScalars.epsilon]: scalar(0.2),
    [ppoScalars.beta]: scalar(0.001),
  };
}
