/** SAC's updates: several in one program call, in a worker thread. */
import { actNames } from "../algo/act_program.ts";
import { columnNames } from "../algo/column_names.ts";
import { scheduledValue, scheduleFloor } from "../algo/schedule.ts";
import {
  sacEvaluateNames,
  sacEvaluateProgram,
} from "../algo/sac_evaluate_program.ts";
import { sacStatistics } from "../algo/sac_losses.ts";
import { sacNames, type SacNetworks } from "../algo/sac_networks.ts";
import { sacUpdateProgram } from "../algo/sac_update_program.ts";
import { updateNames } from "../algo/update_program.ts";
import { lowerProgram } from "../onnx/lower.ts";
import type { ProgramSession } from "../runtime/program_session.ts";
import type { WorkerRuntime } from "../runtime/worker_runtime.ts";
import type { SacHyperparameters } from "../settings/hyperparameters.ts";
import {
  addPrefix,
  arrayNamed,
  copyArrays,
  meanOf,
  type NamedArray,
  type NamedArrays,
  takePrefix,
} from "../util/arrays.ts";
import type { RandomGenerator } from "../util/random.ts";
import type { SacReport } from "./sac_report.ts";
import { requireFinite } from "./require_finite.ts";
import { ignoresDone, type SignalSettings } from "./signal_settings.ts";
import { chooseThreads } from "./thread_count.ts";
import type { Timers } from "./timers.ts";
import { pickWeights, takeFitting, WeightGroup } from "./weight_group.ts";

export interface SacLearnerSettings {
  readonly hyperparameters: SacHyperparameters;
  readonly signals: readonly SignalSettings[];
  readonly maxSteps: number;
}

const targetPrefix = `${sacNames.target}.`;

/**
 * Owns the weights of all networks, the temperatures and the optimiser's state;
 * everything else comes with the call.
 */
export class SacLearner {
  /** Rows of a batch: whole sequences, at least one. */
  readonly batchSize: number;
  readonly #networks: SacNetworks;
  readonly #settings: SacLearnerSettings;
  readonly #random: RandomGenerator;
  readonly #timers: Timers;
  readonly #evaluate: ProgramSession;
  readonly #group: WeightGroup;
  /** Of the target network. */
  #target: NamedArrays;

  /**
   * Threads compile the programs in the meantime. `weights` are those of
   * `networks.parameters`, `random` draws the noise of sampled actions.
   */
  static create(
    runtime: WorkerRuntime,
    networks: SacNetworks,
    settings: SacLearnerSettings,
    weights: NamedArrays,
    random: RandomGenerator,
    timers: Timers,
  ): SacLearner {
    const { hyperparameters, signals } = settings;
    const threads = chooseThreads({
      rows: hyperparameters.batch_size,
      hiddenUnits: networks.settings.hidden_units,
      observations: networks.settings.spec.observationSpecs,
      sideBySide: 1,
    });
    const program = sacUpdateProgram(networks, {
      batchSize: batchSizeOf(networks, settings),
      tau: hyperparameters.tau,
      twinMinimum: hyperparameters.twin_minimum,
      discounts: signals.map(({ name, gamma }) => ({
        gamma,
        ignoresDone: ignoresDone(name),
      })),
    });
    const judge = lowerProgram(sacEvaluateProgram(networks));
    const evaluate = runtime.loadBeside(judge, { threads });
    const group = WeightGroup.create("sac", runtime, program, weights, threads);
    return new SacLearner(networks, settings, random, timers, evaluate, group);
  }

  private constructor(
    networks: SacNetworks,
    settings: SacLearnerSettings,
    random: RandomGenerator,
    timers: Timers,
    evaluate: ProgramSession,
    group: WeightGroup,
  ) {
    this.batchSize = batchSizeOf(networks, settings);
    this.#networks = networks;
    this.#settings = settings;
    this.#random = random;
    this.#timers = timers;
    this.#evaluate = evaluate;
    this.#group = group;
    this.#target = targetOf(group.weights);
  }

  /** The present weights and temperatures by name. */
  get weights(): NamedArrays {
    return this.#group.weights;
  }

  /**
   * Learns from samples: by the names of `sampleColumns`, but for the noise,
   * columns `[updates, batch, ...]`, rewards by signal and times their
   * strengths; with memory also those before every sequence
   * `[updates, sequences, n]`. `normalizer` holds the statistics inputs of the
   * programs, `step` decides the schedule. Throws UserError and keeps the
   * weights where an update does not end in finite numbers.
   */
  async update(
    columns: NamedArrays,
    normalizer: NamedArrays,
    step: number,
  ): Promise<SacReport> {
    const begin = this.#timers.now();
    const [updates] = arrayNamed(columns, columnNames.done).shape;
    const learningRate = this.#learningRate(step);
    const outputs = await this.#group.run(
      { ...this.#target, ...normalizer, ...columns, ...this.#noise(updates) },
      updates,
      learningRate,
    );
    requireFinite(outputs);
    this.#group.accept(outputs);
    this.#target = addPrefix(
      targetPrefix,
      takePrefix(updateNames.next + targetPrefix, outputs),
    );
    this.#timers.add("update", begin);
    return reportOf(outputs, learningRate);
  }

  /**
   * Judges sequences `[sequences * length, ...]` of observations (length 1
   * without memory): values `[rows, signals]`, and with memory what V remembers
   * after every row `[sequences, length, n]`, from before them
   * `[sequences, n]`. Names are those of `sacEvaluateNames` and the columns'.
   */
  async evaluate(
    columns: NamedArrays,
    normalizer: NamedArrays,
  ): Promise<{ values: NamedArray; memories: NamedArray | null }> {
    const own = this.#networks.parametersOf(sacNames.value);
    const outputs = await this.#evaluate.run(copyArrays({
      ...pickWeights(own, this.weights),
      ...normalizer,
      ...columns,
    }));
    return {
      values: arrayNamed(outputs, sacEvaluateNames.values),
      memories: outputs[sacEvaluateNames.memories] ?? null,
    };
  }

  snapshot(): NamedArrays {
    return { ...this.#group.snapshot(), ...this.#target };
  }

  /** Throws UserError when the state is of another network. */
  restore(state: NamedArrays): void {
    const target = takeFitting(this.#target, state);
    this.#group.restore(state);
    this.#target = target;
  }

  /** Takes over weights only. Throws UserError when they do not fit. */
  initialize(state: NamedArrays): void {
    const target = takeFitting(this.#target, state);
    this.#group.initialize(state);
    this.#target = target;
  }

  close(): void {
    this.#evaluate.close();
    this.#group.close();
  }

  #noise(updates: number): NamedArrays {
    const { continuousSize } = this.#networks.actions;
    if (continuousSize === 0) return {};
    const shape = [updates, this.batchSize, continuousSize];
    const data = new Float32Array(updates * this.batchSize * continuousSize);
    for (let i = 0; i < data.length; i++) data[i] = this.#random.normal();
    return { [actNames.continuousNoise]: { data, shape } };
  }

  #learningRate(step: number): number {
    const { hyperparameters, maxSteps } = this.#settings;
    return scheduledValue(
      hyperparameters.learning_rate_schedule,
      hyperparameters.learning_rate,
      scheduleFloor.learning_rate,
      step,
      maxSteps,
    );
  }
}

function batchSizeOf(
  { sequenceLength }: SacNetworks,
  { hyperparameters: { batch_size } }: SacLearnerSettings,
): number {
  return Math.max(batch_size - batch_size % sequenceLength, sequenceLength);
}

/** The target network at first: the state values' weights. */
function targetOf(weights: NamedArrays): NamedArrays {
  return addPrefix(targetPrefix, takePrefix(`${sacNames.value}.`, weights));
}

function reportOf(outputs: NamedArrays, learningRate: number): SacReport {
  const mean = (name: string) => meanOf(arrayNamed(outputs, name));
  const temperature = (name: string) => name in outputs ? mean(name) : null;
  const { data, shape: [updates, signals] } = arrayNamed(
    outputs,
    sacStatistics.values,
  );
  const values = Array<number>(signals).fill(0);
  data.forEach((value, i) => values[i % signals] += Number(value) / updates);
  return {
    policyLoss: mean(sacStatistics.policyLoss),
    valueLoss: mean(sacStatistics.valueLoss),
    q1Loss: mean(sacStatistics.q1Loss),
    q2Loss: mean(sacStatistics.q2Loss),
    entropy: mean(sacStatistics.entropy),
    continuousTemperature: temperature(sacStatistics.continuousTemperature),
    discreteTemperature: temperature(sacStatistics.discreteTemperature),
    values,
    learningRate,
  };
}
