/** Learns with PPO: an actor and a critic, or both on one body. */
import { evaluateProgram } from "../algo/evaluate_program.ts";
import type { PpoNetworks } from "../algo/ppo_networks.ts";
import {
  policyUpdateProgram,
  sharedUpdateProgram,
  valueUpdateProgram,
} from "../algo/ppo_update_programs.ts";
import type { ParameterSpec } from "../nn/parameters.ts";
import type { Rollout } from "../data/rollout.ts";
import { lowerProgram } from "../onnx/lower.ts";
import type { ProgramSession } from "../runtime/program_session.ts";
import type { WorkerRuntime } from "../runtime/worker_runtime.ts";
import type { PpoHyperparameters } from "../settings/hyperparameters.ts";
import type { Program } from "../tensor/program.ts";
import type { NamedArrays } from "../util/arrays.ts";
import type { RandomGenerator } from "../util/random.ts";
import type { Segment } from "./collector.ts";
import { experienceColumns, takeRange, takeRows } from "./experience.ts";
import type { OnPolicyLearner } from "./on_policy_trainer.ts";
import {
  type JudgedExperience,
  OnPolicyUpdate,
  type UpdateReport,
} from "./on_policy_update.ts";
import { evaluateRows } from "./row_evaluation.ts";
import { mostRowsAtOnce, rowsAtOnce } from "./rows_at_once.ts";
import { evaluatedLength, evaluateSequences } from "./sequence_evaluation.ts";
import type { Sequences } from "./sequences.ts";
import type { SignalSettings } from "./signal_settings.ts";
import { chooseThreads } from "./thread_count.ts";
import type { Timers } from "./timers.ts";
import { pickWeights, WeightGroup } from "./weight_group.ts";

export interface PpoLearnerSettings {
  readonly hyperparameters: PpoHyperparameters;
  readonly signals: readonly SignalSettings[];
  readonly maxSteps: number;
}

export class PpoLearner implements OnPolicyLearner {
  readonly #networks: PpoNetworks;
  readonly #phase: OnPolicyUpdate;
  readonly #evaluate: ProgramSession;
  /** Rows, or sequences, of one call of the evaluation. */
  readonly #atOnce: number;
  readonly #groups: readonly WeightGroup[];

  /** Threads compile the programs in the meantime. */
  static create(
    runtime: WorkerRuntime,
    networks: PpoNetworks,
    settings: PpoLearnerSettings,
    weights: NamedArrays,
    random: RandomGenerator,
    timers: Timers,
  ): PpoLearner {
    const { batch_size, ...variant } = settings.hyperparameters;
    const { hidden_units: hiddenUnits, sharedCritic } = networks.settings;
    const { sequenceLength } = networks;
    const batchSize = batch_size - batch_size % sequenceLength;
    const threads = chooseThreads({
      rows: batch_size,
      hiddenUnits,
      observations: networks.settings.spec.observationSpecs,
      sideBySide: sharedCritic ? 1 : 2,
    });
    const group = (
      name: string,
      parameters: readonly ParameterSpec[],
      program: Program,
    ) => {
      const own = pickWeights(parameters, weights);
      return WeightGroup.create(name, runtime, program, own, threads);
    };
    const groups = sharedCritic
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
    const steps = evaluatedLength(sequenceLength);
    const program = evaluateProgram(networks, steps);
    const isRecurrent = networks.recurrent.length > 0;
    const evaluate = runtime.loadBeside(lowerProgram(program), {
      threads: chooseThreads({
        rows: mostRowsAtOnce,
        hiddenUnits,
        observations: networks.settings.spec.observationSpecs,
        sideBySide: 1,
      }),
    });
    return new PpoLearner(
      networks,
      new OnPolicyUpdate({ ...settings, sequenceLength }, random, timers),
      evaluate,
      rowsAtOnce(program, isRecurrent ? steps : 1),
      groups,
    );
  }

  private constructor(
    networks: PpoNetworks,
    phase: OnPolicyUpdate,
    evaluate: ProgramSession,
    atOnce: number,
    groups: readonly WeightGroup[],
  ) {
    this.#networks = networks;
    this.#phase = phase;
    this.#evaluate = evaluate;
    this.#atOnce = atOnce;
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
  update(
    rollout: Rollout,
    segments: readonly Segment[],
    normalizer: NamedArrays,
    step: number,
  ): Promise<UpdateReport> {
    return this.#phase.run({
      rollout,
      segments,
      step,
      feeds: normalizer,
      groups: this.#groups.map((group) => ({ group })),
      judge: (sequences) =>
        this.#judge(rollout, segments, sequences, normalizer),
    });
  }

  /** Values, log probabilities and entropies by row; memories by sequence. */
  async #judge(
    rollout: Rollout,
    segments: readonly Segment[],
    sequences: Sequences,
    normalizer: NamedArrays,
  ): Promise<JudgedExperience> {
    this.#evaluate.bind({ ...this.weights, ...normalizer });
    const columns = experienceColumns(rollout);
    if (this.#networks.recurrent.length > 0) {
      return await evaluateSequences({
        networks: this.#networks,
        session: this.#evaluate,
        atOnce: this.#atOnce,
        rollout,
        segments,
        sequences,
        columnsOf: (rows) => takeRows(columns, rows),
      });
    }
    const evaluated = await evaluateRows(
      this.#evaluate,
      (from, to) => takeRange(columns, from, to),
      rollout.size,
      this.#atOnce,
    );
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
}

const merge = (records: readonly NamedArrays[]): NamedArrays =>
  Object.assign({}, ...records);
