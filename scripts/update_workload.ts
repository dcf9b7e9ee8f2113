/** The update phase that the benchmarks time, on made-up experience. */
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
import type { VisualEncoderName } from "../lib/nn/visual_encoders.ts";
import { WorkerRuntime } from "../lib/runtime/worker_runtime.ts";
import { observationSize, type ObservationSpec } from "../lib/spec.ts";
import { WeightGroup } from "../lib/train/weight_group.ts";
import type { NamedArray, NamedArrays } from "../lib/util/arrays.ts";
import { RandomGenerator } from "../lib/util/random.ts";

/** Continuous actions, as 3DBall's. */
const actions = 2;

/** One measurement; the networks have two hidden layers. */
export interface UpdateSize {
  readonly observations: readonly ObservationSpec[];
  readonly encoder: VisualEncoderName;
  readonly hidden: number;
  readonly batch: number;
  /** Minibatches of one call. */
  readonly minibatches: number;
  /** Rows of experience. */
  readonly decisions: number;
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
        observationSpecs: size.observations,
        actionSpec: { continuousSize: actions, discreteBranches: [] },
      },
      normalize: true,
      vis_encode_type: size.encoder,
      goal_conditioning_type: "hyper",
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
    size: UpdateSize,
  ) {
    const { batch, minibatches, decisions } = size;
    this.#runtime = runtime;
    this.#groups = groups;
    this.#feeds = makeExperience(random, size);
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
      this.#groups.map((group) => group.run(this.#feeds, this.#rows, 3e-4)),
    );
  }

  close(): void {
    this.#runtime.close();
  }
}

function makeExperience(
  random: RandomGenerator,
  { observations, decisions }: UpdateSize,
): NamedArrays {
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
    ...Object.fromEntries(observations.flatMap((spec, sensor) => {
      const size = observationSize(spec);
      return [
        [columnNames.observation(sensor), column([decisions, size])],
        [normalizerNames.mean(sensor), column([size], 0, 0)],
        [normalizerNames.scale(sensor), column([size], 1, 0)],
      ];
    })),
    [columnNames.continuous]: column([decisions, actions]),
    [columnNames.oldLogProbabilities]: column([decisions, actions], -1.4, 0.1),
    [columnNames.advantages]: column([decisions]),
    [columnNames.returns]: column([decisions, 1]),
    [ppoScalars.epsilon]: scalar(0.2),
    [ppoScalars.beta]: scalar(0.001),
  };
}
