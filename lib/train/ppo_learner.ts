/** One PPO update phase: evaluate once, then all epochs in one program call. */
import { columnNames } from "../algo/column_names.ts";
import { evaluateNames, evaluateProgram } from "../algo/evaluate_program.ts";
import type { PpoNetworks } from "../algo/ppo_networks.ts";
import {
  policyUpdateProgram,
  ppoScalars,
  ppoStatistics,
  sharedUpdateProgram,
  valueUpdateProgram,
} from "../algo/ppo_update_programs.ts";
import type { ParameterSpec } from "../nn/parameters.ts";
import { scheduledValue, scheduleFloor } from "../algo/schedule.ts";
import type { Rollout } from "../data/rollout.ts";
import { UserError } from "../errors.ts";
import { lowerProgram } from "../onnx/lower.ts";
import type { ProgramSession } from "../runtime/program_session.ts";
import type { WorkerRuntime } from "../runtime/worker_runtime.ts";
import type { PpoHyperparameters } from "../settings/hyperparameters.ts";
import type { Program } from "../tensor/program.ts";
import {
  arrayNamed,
  copyArrays,
  type NamedArray,
  type NamedArrays,
} from "../util/arrays.ts";
import type { RandomGenerator } from "../util/random.ts";
import type { Segment } from "./collector.ts";
import { experienceColumns } from "./experience.ts";
import { learningTargets } from "./learning_targets.ts";
import type { OnPolicyLearner, UpdateReport } from "./on_policy_trainer.ts";
import { evaluatedLength, evaluateSequences } from "./sequence_evaluation.ts";
import { cutSequences, drawMinibatches, type Sequences } from "./sequences.ts";
import type { SignalSettings } from "./signal_settings.ts";
import { chooseThreads } from "./thread_count.ts";
import type { Timers } from "./timers.ts";
import { WeightGroup } from "./weight_group.ts";

/** About how many rows are evaluated at once, to choose threads. */
const evaluatedRows = 4096;

export interface PpoLearnerSettings {
  readonly hyperparameters: PpoHyperparameters;
  readonly signals: readonly SignalSettings[];
  readonly maxSteps: number;
}

export class PpoLearner implements OnPolicyLearner {
  readonly #networks: PpoNetworks;
  readonly #settings: PpoLearnerSettings;
  readonly #random: RandomGenerator;
  readonly #timers: Timers;
  readonly #evaluate: ProgramSession;
  readonly #groups: readonly WeightGroup[];

  /** Compiles the programs into worker threads. */
  static async create(
    runtime: WorkerRuntime,
    networks: PpoNetworks,
    settings: PpoLearnerSettings,
    weights: NamedArrays,
    random: RandomGenerator,
    timers: Timers,
  ): Promise<PpoLearner> {
    const { batch_size, ...variant } = settings.hyperparameters;
    const { hidden_units: hiddenUnits, sharedCritic } = networks.settings;
    const { sequenceLength } = networks;
    const batchSize = batch_size - batch_size % sequenceLength;
    const threads = chooseThreads({
      rows: batch_size,
      hiddenUnits,
      sideBySide: sharedCritic ? 1 : 2,
    });
    const group = (
      name: string,
      parameters: readonly ParameterSpec[],
      program: Program,
    ) => {
      const own = parameters.map(({ name }) => [
        name,
        arrayNamed(weights, name),
      ]);
      const group = Object.fromEntries(own);
      return WeightGroup.create(name, runtime, program, group, threads);
    };
    const loading = sharedCritic
      ? [
        group(
          "shared",
          networks.parameters,
          sharedUpdateProgram(networks, batchSize, variant),
        ),
      ]
      : [
        group(
          "actor",
          networks.parametersOf("actor"),
          policyUpdateProgram(networks, batchSize, variant),
        ),
        group(
          "critic",
          networks.parametersOf("critic"),
          valueUpdateProgram(networks, batchSize, variant),
        ),
      ];
    const [evaluate, ...groups] = await Promise.all([
      runtime.load(
        lowerProgram(
          evaluateProgram(networks, evaluatedLength(sequenceLength)),
        ),
        {
          threads: chooseThreads({
            rows: evaluatedRows,
            hiddenUnits,
            sideBySide: 1,
          }),
        },
      ),
      ...loading,
    ]);
    return new PpoLearner(
      networks,
      settings,
      random,
      timers,
      evaluate,
      groups,
    );
  }

  private constructor(
    networks: PpoNetworks,
    settings: PpoLearnerSettings,
    random: RandomGenerator,
    timers: Timers,
    evaluate: ProgramSession,
    groups: readonly WeightGroup[],
  ) {
    this.#networks = networks;
    this.#settings = settings;
    this.#random = random;
    this.#timers = timers;
    this.#evaluate = evaluate;
    this.#groups = groups;
  }

  /** The present weights by name. */
  get weights(): NamedArrays {
    return merge(this.#groups.map(({ weights }) => weights));
  }

  /**
   * Learns from finished segments. `normalizer` holds the statistics inputs of
   * the programs, `step` decides the schedules. Throws UserError and keeps the
   * weights where the update does not end in finite numbers.
   */
  async update(
    rollout: Rollout,
    segments: readonly Segment[],
    normalizer: NamedArrays,
    step: number,
  ): Promise<UpdateReport> {
    const { signals, hyperparameters } = this.#settings;
    const begin = this.#timers.now();
    const sequences = cutSequences(segments, this.#networks.sequenceLength);
    const { evaluated, memories } = await this.#judge(
      rollout,
      segments,
      sequences,
      normalizer,
    );
    this.#timers.add("update/evaluate", begin);
    const targets = learningTargets({
      rollout,
      segments,
      values: arrayNamed(evaluated, evaluateNames.values),
      signals,
      lambda: hyperparameters.lambd,
    });
    const { rows, ...minibatches } = drawMinibatches(
      sequences,
      hyperparameters,
      this.#random,
    );
    const { epsilon, beta, learningRate } = this.#schedules(step);
    const feeds = {
      ...normalizer,
      ...experienceColumns(rollout),
      ...targets.columns,
      ...minibatches,
      ...memories,
      [columnNames.oldLogProbabilities]: arrayNamed(
        evaluated,
        evaluateNames.logProbabilities,
      ),
      [columnNames.oldValues]: arrayNamed(evaluated, evaluateNames.values),
      [ppoScalars.epsilon]: { data: Float32Array.of(epsilon), shape: [] },
      [ppoScalars.beta]: { data: Float32Array.of(beta), shape: [] },
    };
    const optimize = this.#timers.now();
    const results = await Promise.all(
      this.#groups.map((group) => group.run(feeds, rows, learningRate)),
    );
    results.forEach(requireFinite);
    this.#groups.forEach((group, i) => group.accept(results[i]));
    const statistics = merge(results);
    this.#timers.add("update/optimize", optimize);
    this.#timers.add("update", begin);
    return {
      policyLoss: meanOf(
        arrayNamed(statistics, ppoStatistics.policyLoss),
        Math.abs,
      ),
      valueLoss: meanOf(arrayNamed(statistics, ppoStatistics.valueLoss)),
      entropy: meanEntropy(
        arrayNamed(evaluated, evaluateNames.entropy),
        segments,
      ),
      values: targets.segmentValues,
      learningRate,
      epsilon,
      beta,
    };
  }

  /** Values, log probabilities and entropies by row; memories by sequence. */
  async #judge(
    rollout: Rollout,
    segments: readonly Segment[],
    sequences: Sequences,
    normalizer: NamedArrays,
  ): Promise<{ evaluated: NamedArrays; memories: NamedArrays }> {
    const constants = copyArrays({ ...this.weights, ...normalizer });
    if (this.#networks.recurrent.length > 0) {
      return await evaluateSequences({
        networks: this.#networks,
        session: this.#evaluate,
        constants,
        rollout,
        segments,
        sequences,
      });
    }
    const evaluated = await this.#evaluate.run({
      ...constants,
      ...experienceColumns(rollout),
    });
    return { evaluated, memories: {} };
  }

  snapshot(): NamedArrays {
    return merge(this.#groups.map((group) => group.snapshot()));
  }

  /** Throws UserError when the state is of another network. */
  restore(state: NamedArrays): void {
    this.#groups.forEach((group) => group.restore(state));
  }

  /** Takes over weights only. Throws UserError when they do not fit. */
  initialize(state: NamedArrays): void {
    this.#groups.forEach((group) => group.initialize(state));
  }

  close(): void {
    this.#evaluate.close();
    this.#groups.forEach((group) => group.close());
  }

  #schedules(step: number) {
    const { hyperparameters: h, maxSteps } = this.#settings;
    const at = (
      schedule: "constant" | "linear",
      initial: number,
      floor: number,
    ) => scheduledValue(schedule, initial, floor, step, maxSteps);
    return {
      learningRate: at(
        h.learning_rate_schedule,
        h.learning_rate,
        scheduleFloor.learning_rate,
      ),
      epsilon: at(h.epsilon_schedule, h.epsilon, scheduleFloor.epsilon),
      beta: at(h.beta_schedule, h.beta, scheduleFloor.beta),
    };
  }
}

const merge = (records: readonly NamedArrays[]): NamedArrays =>
  Object.assign({}, ...records);

function requireFinite(outputs: NamedArrays): void {
  for (const { data } of Object.values(outputs)) {
    for (const value of data) {
      if (Number.isFinite(Number(value))) continue;
      throw new UserError({
        what: "training diverged: an update did not end in finite numbers",
        cure: "The weights before it are kept. Use a smaller learning_rate, " +
          "or check the rewards and observations for huge values.",
      });
    }
  }
}

/** Mean over finished experience; a single entropy is that of every row. */
function meanEntropy(
  { data }: NamedArray,
  segments: readonly Segment[],
): number {
  if (data.length === 1) return Number(data[0]);
  const rows = segments.flatMap(({ rows }) => [...rows]);
  return rows.reduce((sum, row) => sum + Number(data[row]), 0) / rows.length;
}

function meanOf(
  { data }: NamedArray,
  measure: (value: number) => number = (value) => value,
): number {
  let sum = 0;
  for (const value of data) sum += measure(Number(value));
  return data.length ? sum / data.length : 0;
}
