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
import { generalizedAdvantage, normalizeAdvantages } from "../algo/returns.ts";
import { scheduledValue, scheduleFloor } from "../algo/schedule.ts";
import { updateNames } from "../algo/update_program.ts";
import type { Rollout } from "../data/rollout.ts";
import { adamSchedule } from "../nn/optimizer.ts";
import { UserError } from "../errors.ts";
import { lowerProgram } from "../onnx/lower.ts";
import type { ProgramSession } from "../runtime/program_session.ts";
import type { WorkerRuntime } from "../runtime/worker_runtime.ts";
import type { PpoHyperparameters } from "../settings/hyperparameters.ts";
import { branchTotal } from "../spec.ts";
import {
  arrayNamed,
  type NamedArray,
  type NamedArrays,
  type NumericArray,
  scalarArray,
} from "../util/arrays.ts";
import type { RandomGenerator } from "../util/random.ts";
import type { Segment } from "./collector.ts";
import { chooseThreads } from "./thread_count.ts";
import type { Timers } from "./timers.ts";

/** A reward signal of the behaviour. */
export interface SignalSettings {
  readonly name: string;
  readonly gamma: number;
  readonly strength: number;
}

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
    const columns = this.#columns(rollout);
    const evaluated = await this.#evaluate.run({
      ...copies(this.#weights),
      ...copies(normalizer),
      ...copies(columns),
    });
    this.#timers.add("update/evaluate", begin);
    const targets = this.#targets(rollout, segments, evaluated);
    const rows = this.#minibatches(segments);
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
      values: targets.values,
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

  /** Copies of the experience in use: a run takes its feeds away. */
  #columns(rollout: Rollout): Record<string, NamedArray> {
    const { continuousSize, discreteBranches } = this.#networks.actions;
    const { size } = rollout;
    const take = <A extends Float32Array | Int32Array>(
      column: A,
      width: number,
    ): NamedArray => ({
      data: column.slice(0, size * width),
      shape: [size, width],
    });
    const columns: Record<string, NamedArray> = {};
    rollout.observationSizes.forEach((n, sensor) => {
      const name = columnNames.observation(sensor);
      columns[name] = take(rollout.observations[sensor], n);
    });
    if (continuousSize > 0) {
      columns[columnNames.continuous] = take(
        rollout.continuous,
        continuousSize,
      );
    }
    if (discreteBranches.length > 0) {
      columns[columnNames.discrete] = take(
        rollout.discrete,
        discreteBranches.length,
      );
      const width = branchTotal(this.#networks.actions);
      columns[columnNames.mask] = take(rollout.mask, width);
    }
    return columns;
  }

  /** Advantages (mean over signals, then normalised: K-3) and returns. */
  #targets(
    rollout: Rollout,
    segments: readonly Segment[],
    evaluated: NamedArrays,
  ): { columns: Record<string, NamedArray>; values: number[][] } {
    const { signals, hyperparameters } = this.#settings;
    const { size } = rollout;
    const count = signals.length;
    const { data: allValues } = arrayNamed(evaluated, evaluateNames.values);
    const returns = new Float32Array(size * count);
    const total = segments.reduce((sum, { rows }) => sum + rows.length, 0);
    const combined = new Float32Array(total);
    const segmentValues: number[][] = signals.map(() => []);
    let start = 0;
    for (const { rows, bootstrapRow } of segments) {
      const advantages = new Float64Array(rows.length);
      signals.forEach(({ gamma, strength }, k) => {
        const valueOf = (row: number) => Number(allValues[row * count + k]);
        const values = Float64Array.from(rows, valueOf);
        generalizedAdvantage({
          rewards: Float64Array.from(
            rows,
            (row) => strength * rollout.rewards[row],
          ),
          values,
          bootstrap: bootstrapRow < 0 ? 0 : valueOf(bootstrapRow),
          gamma,
          lambda: hyperparameters.lambd,
        }, advantages);
        let sum = 0;
        for (let t = 0; t < rows.length; t++) {
          returns[rows[t] * count + k] = advantages[t] + values[t];
          combined[start + t] += advantages[t] / count;
          sum += values[t];
        }
        segmentValues[k].push(sum / rows.length);
      });
      start += rows.length;
    }
    normalizeAdvantages(combined);
    const advantages = new Float32Array(size);
    let position = 0;
    for (const { rows } of segments) {
      for (const row of rows) advantages[row] = combined[position++];
    }
    return {
      columns: {
        [columnNames.advantages]: { data: advantages, shape: [size] },
        [columnNames.returns]: { data: returns, shape: [size, count] },
      },
      values: segmentValues,
    };
  }

  /** Every epoch's shuffled rows `[minibatches, batch]`; remainders drop out. */
  #minibatches(segments: readonly Segment[]): NamedArray<Int32Array> {
    const { batch_size, num_epoch } = this.#settings.hyperparameters;
    const order = Int32Array.from(segments.flatMap(({ rows }) => [...rows]));
    const perEpoch = Math.floor(order.length / batch_size);
    const used = perEpoch * batch_size;
    const data = new Int32Array(num_epoch * used);
    for (let epoch = 0; epoch < num_epoch; epoch++) {
      this.#random.shuffle(order);
      data.set(order.subarray(0, used), epoch * used);
    }
    return { data, shape: [num_epoch * perEpoch, batch_size] };
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
