/** One PPO update phase: evaluate once, then all epochs in one program call. */
import {
  columnNames,
  evaluateNames,
  evaluateProgram,
  type PpoNetworks,
  ppoScalars,
  ppoStatistics,
  ppoUpdateProgram,
} from "../algo/ppo_programs.ts";
import { scheduledValue, scheduleFloor } from "../algo/schedule.ts";
import { updateNames } from "../algo/update_program.ts";
import type { Rollout } from "../data/rollout.ts";
import { adamSchedule } from "../nn/optimizer.ts";
import { UserError } from "../errors.ts";
import { lowerProgram } from "../onnx/lower.ts";
import type { ProgramSession } from "../runtime/program_session.ts";
import type { WorkerRuntime } from "../runtime/worker_runtime.ts";
import type { PpoHyperparameters } from "../settings/hyperparameters.ts";
import {
  arrayNamed,
  type NamedArray,
  type NamedArrays,
  type NumericArray,
  scalarArray,
} from "../util/arrays.ts";
import type { RandomGenerator } from "../util/random.ts";
import type { Segment } from "./collector.ts";
import { experienceColumns, minibatchRows } from "./experience.ts";
import { learningTargets, type SignalSettings } from "./learning_targets.ts";
import { chooseThreads } from "./thread_count.ts";
import type { Timers } from "./timers.ts";

export interface PpoLearnerSettings {
  readonly hyperparameters: PpoHyperparameters;
  readonly signals: readonly SignalSettings[];
  readonly maxSteps: number;
}

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
}

/** Owns weights and optimiser state; everything else comes with the call. */
export class PpoLearner {
  readonly #networks: PpoNetworks;
  readonly #settings: PpoLearnerSettings;
  readonly #random: RandomGenerator;
  readonly #timers: Timers;
  readonly #evaluate: ProgramSession;
  readonly #update: ProgramSession;
  #weights: NamedArrays;
  #moments: NamedArrays;
  #optimizerSteps = 0;

  /** Compiles both programs into the worker. */
  static async create(
    runtime: WorkerRuntime,
    networks: PpoNetworks,
    settings: PpoLearnerSettings,
    weights: NamedArrays,
    random: RandomGenerator,
    timers: Timers,
  ): Promise<PpoLearner> {
    const { batch_size } = settings.hyperparameters;
    const evaluate = lowerProgram(evaluateProgram(networks));
    const update = lowerProgram(ppoUpdateProgram(networks, batch_size));
    const { hidden_units } = networks.settings;
    const sessions = await Promise.all([
      runtime.load(evaluate, { threads: chooseThreads(4096, hidden_units) }),
      runtime.load(update, {
        threads: chooseThreads(batch_size, hidden_units),
      }),
    ]);
    return new PpoLearner(
      networks,
      settings,
      weights,
      random,
      timers,
      sessions,
    );
  }

  private constructor(
    networks: PpoNetworks,
    settings: PpoLearnerSettings,
    weights: NamedArrays,
    random: RandomGenerator,
    timers: Timers,
    [evaluate, update]: readonly [ProgramSession, ProgramSession],
  ) {
    this.#networks = networks;
    this.#settings = settings;
    this.#random = random;
    this.#timers = timers;
    this.#evaluate = evaluate;
    this.#update = update;
    this.#weights = weights;
    let size = 0;
    for (const { data } of Object.values(weights)) size += data.length;
    const zeros = () => ({ data: new Float32Array(size), shape: [size] });
    this.#moments = {
      [updateNames.first]: zeros(),
      [updateNames.second]: zeros(),
    };
  }

  /** The present weights by name. */
  get weights(): NamedArrays {
    return this.#weights;
  }

  /**
   * Learns from finished segments. `normalizer` holds the statistics inputs of
   * the programs, `step` decides the schedules.
   */
  async update(
    rollout: Rollout,
    segments: readonly Segment[],
    normalizer: NamedArrays,
    step: number,
  ): Promise<UpdateReport> {
    const begin = this.#timers.now();
    const columns = experienceColumns(rollout);
    const evaluated = await this.#evaluate.run({
      ...copies(this.#weights),
      ...copies(normalizer),
      ...copies(columns),
    });
    this.#timers.add("update/evaluate", begin);
    const { signals, hyperparameters } = this.#settings;
    const targets = learningTargets({
      rollout,
      segments,
      values: arrayNamed(evaluated, evaluateNames.values),
      signals,
      lambda: hyperparameters.lambd,
    });
    const rows = minibatchRows(segments, hyperparameters, this.#random);
    const { epsilon, beta, learningRate } = this.#schedules(step);
    const [minibatches] = rows.shape;
    const adam = adamSchedule(learningRate, this.#optimizerSteps, minibatches);
    const vector = (data: Float32Array) => ({ data, shape: [data.length] });
    const optimize = this.#timers.now();
    const outputs = await this.#update.run({
      ...copies(this.#weights),
      ...copies(this.#moments),
      ...copies(normalizer),
      ...columns,
      ...targets.columns,
      [columnNames.oldLogProbabilities]: arrayNamed(
        evaluated,
        evaluateNames.logProbabilities,
      ),
      [ppoScalars.epsilon]: { data: Float32Array.of(epsilon), shape: [] },
      [ppoScalars.beta]: { data: Float32Array.of(beta), shape: [] },
      [updateNames.rows]: rows,
      [updateNames.rate]: vector(adam.rate),
      [updateNames.epsilon]: vector(adam.epsilon),
    });
    this.#timers.add("update/optimize", optimize);
    this.#optimizerSteps += minibatches;
    this.#takeState(outputs);
    this.#timers.add("update", begin);
    return {
      policyLoss: meanOf(
        arrayNamed(outputs, ppoStatistics.policyLoss),
        Math.abs,
      ),
      valueLoss: meanOf(arrayNamed(outputs, ppoStatistics.valueLoss)),
      entropy: meanOf(arrayNamed(evaluated, evaluateNames.entropy)),
      values: targets.segmentValues,
      learningRate,
      epsilon,
      beta,
    };
  }

  snapshot(): NamedArrays {
    return {
      ...this.#weights,
      ...this.#moments,
      "adam.steps": scalarArray(this.#optimizerSteps),
    };
  }

  /** Throws UserError when the state is of another network. */
  restore(state: NamedArrays): void {
    this.initialize(state);
    this.#moments = takeFitting(this.#moments, state);
    this.#optimizerSteps = Number(arrayNamed(state, "adam.steps").data[0]);
  }

  /** Takes over weights only. Throws UserError when they do not fit. */
  initialize(state: NamedArrays): void {
    this.#weights = takeFitting(this.#weights, state);
  }

  close(): void {
    this.#evaluate.close();
    this.#update.close();
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

  #takeState(outputs: NamedArrays): void {
    const next = (names: NamedArrays) =>
      Object.fromEntries(
        Object.keys(names).map((
          name,
        ) => [name, arrayNamed(outputs, updateNames.next + name)]),
      );
    this.#weights = next(this.#weights);
    this.#moments = next(this.#moments);
  }
}

/** The arrays of `state` that replace `present`, all of the same shape. */
function takeFitting(present: NamedArrays, state: NamedArrays): NamedArrays {
  return Object.fromEntries(
    Object.entries(present).map(([name, { shape }]) => {
      const array = state[name];
      if (array && array.shape.join() === shape.join()) return [name, array];
      throw new UserError({
        what: `the checkpoint's "${name}" does not fit this run`,
        found: array ? `[${array.shape.join(", ")}]` : "nothing of that name",
        allowed: `[${shape.join(", ")}]`,
        cure: "Use the network settings and the environment that the " +
          "checkpoint was trained with, or start a new run.",
      });
    }),
  );
}

function copies(arrays: NamedArrays): NamedArrays {
  return Object.fromEntries(
    Object.entries(arrays).map(([name, { data, shape }]) => [
      name,
      { data: copyOf(data), shape },
    ]),
  );
}

function copyOf(data: NumericArray): NumericArray {
  return data.slice();
}

function meanOf(
  { data }: NamedArray,
  measure: (value: number) => number = (value) => value,
): number {
  let sum = 0;
  for (const value of data) sum += measure(Number(value));
  return data.length ? sum / data.length : 0;
}
