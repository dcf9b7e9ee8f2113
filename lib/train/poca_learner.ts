/** Learns with POCA: PPO's actor and a critic of groups. */
import { widenGroups } from "../algo/group_places.ts";
import type { PocaNetworks } from "../algo/poca_networks.ts";
import { policyUpdateProgram } from "../algo/ppo_update_programs.ts";
import type { GroupColumns } from "../data/group_columns.ts";
import type { Rollout } from "../data/rollout.ts";
import type { WorkerRuntime } from "../runtime/worker_runtime.ts";
import type { PocaHyperparameters } from "../settings/hyperparameters.ts";
import { arrayNamed, type NamedArrays, scalarArray } from "../util/arrays.ts";
import type { RandomGenerator } from "../util/random.ts";
import type { Segment } from "./collector.ts";
import { experienceColumns } from "./experience.ts";
import {
  GroupCritic,
  type GroupCriticOptions,
  type GroupJudge,
} from "./group_critic.ts";
import { groupRows, mateColumn } from "./group_experience.ts";
import { evaluateMoments } from "./moment_evaluation.ts";
import { findMoments } from "./moments.ts";
import type { OnPolicyLearner } from "./on_policy_trainer.ts";
import {
  type JudgedExperience,
  OnPolicyUpdate,
  type UpdateReport,
} from "./on_policy_update.ts";
import { evaluateSequences } from "./sequence_evaluation.ts";
import type { Sequences } from "./sequences.ts";
import type { SignalSettings } from "./signal_settings.ts";
import { chooseThreads } from "./thread_count.ts";
import type { Timers } from "./timers.ts";
import { pickWeights, WeightGroup } from "./weight_group.ts";

export interface PocaLearnerSettings {
  readonly hyperparameters: PocaHyperparameters;
  readonly signals: readonly SignalSettings[];
  readonly maxSteps: number;
}

/** Of a behavior without groups. */
const nobody: GroupColumns = { mates: new Int32Array(0), widest: 0 };

/** Name of the state that tells how large groups have been. */
const placesName = "group.places";

export class PocaLearner implements OnPolicyLearner {
  readonly #options: GroupCriticOptions;
  readonly #phase: OnPolicyUpdate;
  readonly #actor: WeightGroup;
  readonly #critic: GroupCritic;
  /** Members of the largest group that was learned from; 0 before the first. */
  #places = 0;

  /** Threads compile the programs in the meantime. */
  static create(
    runtime: WorkerRuntime,
    networks: PocaNetworks,
    settings: PocaLearnerSettings,
    weights: NamedArrays,
    random: RandomGenerator,
    timers: Timers,
  ): PocaLearner {
    const { batch_size } = settings.hyperparameters;
    const { sequenceLength } = networks;
    const { hidden_units: hiddenUnits } = networks.settings;
    const batchSize = batch_size - batch_size % sequenceLength;
    const own = (network: string) =>
      pickWeights(networks.parametersOf(network), weights);
    const actor = WeightGroup.create(
      "actor",
      runtime,
      policyUpdateProgram(networks, batchSize),
      own("actor"),
      chooseThreads({
        rows: batch_size,
        hiddenUnits,
        observations: networks.settings.spec.observationSpecs,
        sideBySide: 2,
      }),
    );
    const phase = new OnPolicyUpdate(
      { ...settings, sequenceLength },
      random,
      timers,
    );
    const options = { runtime, networks, batchSize, actor };
    const critic = new GroupCritic(options, own("critic"));
    return new PocaLearner(options, phase, actor, critic);
  }

  private constructor(
    options: GroupCriticOptions,
    phase: OnPolicyUpdate,
    actor: WeightGroup,
    critic: GroupCritic,
  ) {
    this.#options = options;
    this.#phase = phase;
    this.#actor = actor;
    this.#critic = critic;
  }

  get weights(): NamedArrays {
    return { ...this.#actor.weights, ...this.#critic.group.weights };
  }

  /** Compiles for groups as large as those so far, the first time. */
  prepare(rollout: Rollout): void {
    if (rollout.size === 0 || this.#critic.isFitted) return;
    this.#critic.fit(this.#placesFor(rollout));
  }

  /** Throws UserError and keeps the weights as PPO's learner does. */
  async update(
    rollout: Rollout,
    segments: readonly Segment[],
    normalizer: NamedArrays,
    step: number,
  ): Promise<UpdateReport> {
    const groups = rollout.groups ?? nobody;
    const places = this.#placesFor(rollout);
    const judge = this.#critic.fit(places);
    this.#widen(places);
    const { group } = this.#critic;
    const isRecurrent = this.#options.networks.recurrent.length > 0;
    const rows = Array(rollout.size).keys();
    const mates = isRecurrent ? mateColumn(groups, rows, places - 1) : {};
    const moments = isRecurrent
      ? undefined
      : findMoments(segments.flatMap(({ rows }) => [...rows]), groups, places);
    return await this.#phase.run({
      rollout,
      segments,
      step,
      feeds: { ...normalizer, ...mates },
      groups: [{ group: this.#actor }, { group, moments }],
      judge: (sequences) =>
        this.#judge(judge, rollout, groups, segments, sequences, normalizer),
    });
  }

  snapshot(): NamedArrays {
    return {
      ...this.#actor.snapshot(),
      ...this.#critic.group.snapshot(),
      [placesName]: scalarArray(this.#places),
    };
  }

  /** Throws UserError when the state is of another network. */
  restore(state: NamedArrays): void {
    this.#actor.restore(state);
    this.#critic.group.restore(state);
    this.#places = placesOf(state);
  }

  /** Takes over weights only. Throws UserError when they do not fit. */
  initialize(state: NamedArrays): void {
    this.#actor.initialize(state);
    this.#critic.group.initialize(state);
    this.#places = placesOf(state);
  }

  close(): void {
    this.#actor.close();
    this.#critic.close();
  }

  /** Members of the largest group so far. */
  #placesFor({ groups }: Rollout): number {
    return Math.max((groups ?? nobody).widest + 1, this.#places);
  }

  /** A critic that has learned goes on with the same judgement (F-4). */
  #widen(places: number): void {
    const { group } = this.#critic;
    if (this.#places > 0 && places > this.#places) {
      const widened = widenGroups(group.weights, this.#places, places);
      group.initialize({ ...group.weights, ...widened });
    }
    this.#places = places;
  }

  /** What PPO's evaluation yields, and baselines. */
  async #judge(
    { session, atOnce, places }: GroupJudge,
    rollout: Rollout,
    groups: GroupColumns,
    segments: readonly Segment[],
    sequences: Sequences,
    normalizer: NamedArrays,
  ): Promise<JudgedExperience> {
    const { networks } = this.#options;
    session.bind({ ...this.weights, ...normalizer });
    const columns = experienceColumns(rollout);
    if (networks.recurrent.length > 0) {
      return await evaluateSequences({
        networks,
        session,
        atOnce,
        rollout,
        segments,
        sequences,
        columnsOf: (rows) => groupRows(columns, groups, rows, places - 1),
      });
    }
    const { size } = rollout;
    const moments = findMoments(Array(size).keys(), groups, places);
    const evaluated = await evaluateMoments({
      session,
      moments,
      columns,
      size,
      atOnce,
      sideBySide: this.#options.runtime.sideBySide,
    });
    return { evaluated, memories: {} };
  }
}

const placesOf = (state: NamedArrays): number =>
  Number(arrayNamed(state, placesName).data[0]);
