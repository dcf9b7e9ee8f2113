/** PPO's or POCA's update phase on made-up experience, as in a run. */
import { columnNames, normalizerNames } from "../../lib/algo/column_names.ts";
import { PocaNetworks } from "../../lib/algo/poca_networks.ts";
import { momentUpdateProgram } from "../../lib/algo/poca_update_program.ts";
import { PpoNetworks } from "../../lib/algo/ppo_networks.ts";
import {
  policyUpdateProgram,
  ppoScalars,
  valueUpdateProgram,
} from "../../lib/algo/ppo_update_programs.ts";
import type { GroupColumns } from "../../lib/data/group_columns.ts";
import { initializeParameters } from "../../lib/nn/parameters.ts";
import { lowerProgram } from "../../lib/onnx/lower.ts";
import { WorkerRuntime } from "../../lib/runtime/worker_runtime.ts";
import { observationSize } from "../../lib/spec.ts";
import { drawMoments, findMoments } from "../../lib/train/moments.ts";
import { cutSequences, drawMinibatches } from "../../lib/train/sequences.ts";
import { WeightGroup } from "../../lib/train/weight_group.ts";
import type { NamedArray, NamedArrays } from "../../lib/util/arrays.ts";
import { RandomGenerator } from "../../lib/util/random.ts";
import type { UpdateCase, UpdateSize } from "./update_cases.ts";

/** Continuous actions, as 3DBall's. */
const actions = 2;

const networkNames = ["actor", "critic"] as const;

/** Actor and critic in worker threads. */
export class UpdateWorkload {
  /** Milliseconds from the losses to both sessions. */
  readonly buildTime: number;
  readonly #groups: readonly WeightGroup[];
  /** Of each group. */
  readonly #feeds: readonly NamedArrays[];
  readonly #minibatches: number;

  /** Compiles both programs, each for `threads` threads. */
  static async open(
    networkCase: UpdateCase,
    size: UpdateSize,
    threads: number,
  ): Promise<UpdateWorkload> {
    const random = new RandomGenerator(1);
    const begin = performance.now();
    const settings = {
      spec: {
        observationSpecs: networkCase.observations,
        actionSpec: { continuousSize: actions, discreteBranches: [] },
      },
      normalize: true,
      vis_encode_type: networkCase.encoder,
      goal_conditioning_type: "hyper",
      signals: 1,
      hidden_units: networkCase.hidden,
      num_layers: 2,
      memory: networkCase.memory,
    } as const;
    const { networks, critic } = networkCase.mates === null
      ? ppo(settings, size.batch)
      : poca(settings, networkCase.mates);
    const programs = {
      actor: policyUpdateProgram(networks, size.batch),
      critic,
    };
    const runtime = new WorkerRuntime();
    const groups = await Promise.all(
      networkNames.map(async (network) => {
        const parameters = networks.parametersOf(network);
        const weights = initializeParameters(parameters, random);
        const group = new WeightGroup(network, weights);
        const model = lowerProgram(programs[network]);
        group.use(programs[network], await runtime.load(model, { threads }));
        return group;
      }),
    );
    const buildTime = performance.now() - begin;
    return new UpdateWorkload(buildTime, groups, random, networkCase, size);
  }

  private constructor(
    buildTime: number,
    groups: readonly WeightGroup[],
    random: RandomGenerator,
    networkCase: UpdateCase,
    { batch, decisions, epochs }: UpdateSize,
  ) {
    this.buildTime = buildTime;
    this.#groups = groups;
    const all = Int32Array.from({ length: decisions }, (_, row) => row);
    const segment = { rows: all, bootstrapRow: -1 };
    const length = networkCase.memory?.sequence_length ?? 1;
    const minibatches = drawMinibatches(
      cutSequences([segment], length),
      { batch_size: batch, num_epoch: epochs },
      random,
    );
    this.#minibatches = minibatches.rows.shape[0];
    const experience = makeExperience(random, networkCase, decisions);
    const { mates } = networkCase;
    const moments = mates === null ? minibatches : drawMoments(
      findMoments(all, neighbors(decisions, mates), 1 + mates),
      { batch_size: batch, num_epoch: epochs },
      random,
    );
    this.#feeds = [
      { ...experience, ...minibatches },
      { ...experience, ...moments },
    ];
  }

  /** One update phase; always from the same weights. */
  async run(): Promise<NamedArrays[]> {
    return await Promise.all(
      this.#groups.map((group, i) =>
        group.run(this.#feeds[i], this.#minibatches, 3e-4)
      ),
    );
  }
}

type Settings = ConstructorParameters<typeof PocaNetworks>[0];

function ppo(settings: Settings, batch: number) {
  const networks = new PpoNetworks(settings);
  return { networks, critic: valueUpdateProgram(networks, batch) };
}

function poca(settings: Settings, mates: number) {
  const networks = new PocaNetworks(settings);
  return { networks, critic: momentUpdateProgram(networks, 1 + mates) };
}

/** Groups of rows that follow each other. */
function neighbors(decisions: number, widest: number): GroupColumns {
  const mates: number[] = [];
  for (let row = 0; row < decisions; row++) {
    const first = row - row % (1 + widest);
    for (let member = first; member <= first + widest; member++) {
      if (member !== row) mates.push(member < decisions ? member : -1);
    }
  }
  return { mates: Int32Array.from(mates), widest };
}

function makeExperience(
  random: RandomGenerator,
  { observations, memory }: UpdateCase,
  decisions: number,
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
    [columnNames.oldBaselines]: column([decisions, 1]),
    ...Object.fromEntries(networkNames.map((network) => [
      columnNames.memory(network),
      column([Math.ceil(decisions / 64), memory?.memory_size ?? 0]),
    ])),
    [ppoScalars.epsilon]: scalar(0.2),
    [ppoScalars.beta]: scalar(0.001),
  };
}
