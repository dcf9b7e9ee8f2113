/** An update phase: judge once, then all epochs in one call of each program. */
import { columnNames } from "../algo/column_names.ts";
import { evaluateNames } from "../algo/evaluate_program.ts";
import { pocaStatistics } from "../algo/poca_update_program.ts";
import { ppoScalars } from "../algo/ppo_update_programs.ts";
import {
  type Schedule,
  scheduledValue,
  scheduleFloor,
} from "../algo/schedule.ts";
import { updateNames } from "../algo/update_program.ts";
import type { Rollout } from "../data/rollout.ts";
import type { PocaHyperparameters } from "../settings/hyperparameters.ts";
import {
  arrayNamed,
  meanOf,
  type NamedArray,
  type NamedArrays,
} from "../util/arrays.ts";
import type { RandomGenerator } from "../util/random.ts";
import type { Segment } from "./collector.ts";
import { experienceColumns } from "./experience.ts";
import { learningTargets, segmentMeans } from "./learning_targets.ts";
import { drawMoments, type Moments } from "./moments.ts";
import { requireFinite } from "./require_finite.ts";
import { cutSequences, drawMinibatches, type Sequences } from "./sequences.ts";
import type { SignalSettings } from "./signal_settings.ts";
import type { Timers } from "./timers.ts";
import type { WeightGroup } from "./weight_group.ts";

/** What an update did, for the statistics. */
export interface UpdateReport {
  /** Mean absolute value over minibatches. */
  readonly policyLoss: number;
  readonly valueLoss: number;
  readonly entropy: number;
  /** Mean value estimate of each segment, by signal. */
  readonly values: readonly (readonly number[])[];
  readonly learningRate: number;
  readonly epsilon: number;
  readonly beta: number;
  /** Of baselines, where a group's critic gives them. */
  readonly baselineLoss?: number;
  readonly baselines?: readonly (readonly number[])[];
}

export interface OnPolicyUpdateSettings {
  readonly hyperparameters: PocaHyperparameters;
  readonly signals: readonly SignalSettings[];
  readonly maxSteps: number;
  /** Steps of a sequence; 1 without memory. */
  readonly sequenceLength: number;
}

/** What is thought of experience before it is learned from. */
export interface JudgedExperience {
  /** Outputs of the evaluation by row of the rollout. */
  readonly evaluated: NamedArrays;
  /** Of recurrent networks, before every sequence. */
  readonly memories: NamedArrays;
}

/** Weights to move. */
export interface MovedWeights {
  readonly group: WeightGroup;
  /** What its minibatches consist of; sequences like the others', if nothing. */
  readonly moments?: readonly Moments[] | undefined;
}

/** One update phase. */
export interface OnPolicyUpdateTask {
  readonly rollout: Rollout;
  readonly segments: readonly Segment[];
  /** Decides the schedules. */
  readonly step: number;
  /** Further inputs of the programs. */
  readonly feeds: NamedArrays;
  /** The weights to move, by programs that run side by side. */
  readonly groups: readonly MovedWeights[];
  readonly judge: (sequences: Sequences) => Promise<JudgedExperience>;
}

/** What the update phases of PPO and POCA share. */
export class OnPolicyUpdate {
  readonly #settings: OnPolicyUpdateSettings;
  readonly #random: RandomGenerator;
  readonly #timers: Timers;

  /** `random` shuffles the experience. */
  constructor(
    settings: OnPolicyUpdateSettings,
    random: RandomGenerator,
    timers: Timers,
  ) {
    this.#settings = settings;
    this.#random = random;
    this.#timers = timers;
  }

  /**
   * Moves the groups' weights. Throws UserError and keeps them all where the
   * update does not end in finite numbers.
   */
  async run(
    { rollout, segments, step, feeds, groups, judge }: OnPolicyUpdateTask,
  ): Promise<UpdateReport> {
    const { signals, hyperparameters, sequenceLength } = this.#settings;
    const begin = this.#timers.now();
    const sequences = cutSequences(segments, sequenceLength);
    const { evaluated, memories } = await judge(sequences);
    this.#timers.add("update/evaluate", begin);
    const values = arrayNamed(evaluated, evaluateNames.values);
    const baselines: NamedArray | undefined =
      evaluated[evaluateNames.baselines];
    const targets = learningTargets({
      rollout,
      segments,
      values,
      baselines,
      signals,
      lambda: hyperparameters.lambd,
    });
    const minibatches = drawMinibatches(
      sequences,
      hyperparameters,
      this.#random,
    );
    const { epsilon, beta, learningRate } = this.#schedules(step);
    const all = {
      ...feeds,
      ...experienceColumns(rollout),
      ...targets,
      ...minibatches,
      ...memories,
      [columnNames.oldLogProbabilities]: arrayNamed(
        evaluated,
        evaluateNames.logProbabilities,
      ),
      [columnNames.oldValues]: values,
      ...(baselines && { [columnNames.oldBaselines]: baselines }),
      [ppoScalars.epsilon]: { data: Float32Array.of(epsilon), shape: [] },
      [ppoScalars.beta]: { data: Float32Array.of(beta), shape: [] },
    };
    const optimize = this.#timers.now();
    const results = await Promise.all(
      groups.map(({ group, moments }) => {
        const own = moments
          ? drawMoments(moments, hyperparameters, this.#random)
          : minibatches;
        const [steps] = own[updateNames.rows].shape;
        return group.run({ ...all, ...own }, steps, learningRate);
      }),
    );
    results.forEach(requireFinite);
    groups.forEach(({ group }, i) => group.accept(results[i]));
    const statistics = Object.assign({}, ...results);
    this.#timers.add("update/optimize", optimize);
    this.#timers.add("update", begin);
    const mean = (name: string, measure?: (value: number) => number) =>
      meanOf(arrayNamed(statistics, name), measure);
    return {
      policyLoss: mean(pocaStatistics.policyLoss, Math.abs),
      valueLoss: mean(pocaStatistics.valueLoss),
      entropy: meanEntropy(
        arrayNamed(evaluated, evaluateNames.entropy),
        segments,
      ),
      values: segmentMeans(values, segments),
      learningRate,
      epsilon,
      beta,
      ...(baselines && {
        baselineLoss: mean(pocaStatistics.baselineLoss),
        baselines: segmentMeans(baselines, segments),
      }),
    };
  }

  #schedules(step: number) {
    const { hyperparameters: h, maxSteps } = this.#settings;
    const at = (schedule: Schedule, initial: number, floor: number) =>
      scheduledValue(schedule, initial, floor, step, maxSteps);
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

/** Mean over finished experience; a single entropy is that of every row. */
function meanEntropy(
  { data }: NamedArray,
  segments: readonly Segment[],
): number {
  if (data.length === 1) return Number(data[0]);
  const rows = segments.flatMap(({ rows }) => [...rows]);
  return rows.reduce((sum, row) => sum + Number(data[row]), 0) / rows.length;
}
