/** POCA's critic: its weights, and programs for groups of a size. */
import { momentRows } from "../algo/judge_moments.ts";
import {
  momentEvaluateProgram,
  sequenceEvaluateProgram,
} from "../algo/poca_evaluate_program.ts";
import type { PocaNetworks } from "../algo/poca_networks.ts";
import {
  judgementUpdateProgram,
  momentUpdateProgram,
} from "../algo/poca_update_program.ts";
import { evaluateDim } from "../tensor/dims.ts";
import { lowerProgram } from "../onnx/lower.ts";
import type { ProgramSession } from "../runtime/program_session.ts";
import type { WorkerRuntime } from "../runtime/worker_runtime.ts";
import type { NamedArrays } from "../util/arrays.ts";
import { mostRowsAtOnce, rowsAtOnce } from "./rows_at_once.ts";
import { evaluatedLength } from "./sequence_evaluation.ts";
import { chooseThreads } from "./thread_count.ts";
import { WeightGroup } from "./weight_group.ts";

export interface GroupCriticOptions {
  readonly runtime: WorkerRuntime;
  readonly networks: PocaNetworks;
  /** Rows of a minibatch. */
  readonly batchSize: number;
  /** What learns at the same time: the actor. */
  readonly actor: WeightGroup;
}

/** How groups of a size are judged. */
export interface GroupJudge {
  /** Members of the largest group that can be judged. */
  readonly places: number;
  readonly session: ProgramSession;
  /** Moments of each size, or sequences, of one call. */
  readonly atOnce: number;
}

export class GroupCritic {
  readonly group: WeightGroup;
  readonly #options: GroupCriticOptions;
  #judge: GroupJudge | null = null;

  /** `weights` are the critic's. */
  constructor(options: GroupCriticOptions, weights: NamedArrays) {
    this.#options = options;
    this.group = new WeightGroup("critic", weights);
  }

  /** Whether it is known how large groups are. */
  get isFitted(): boolean {
    return this.#judge !== null;
  }

  /** Judges and learns with so many `places`; threads compile meanwhile. */
  fit(places: number): GroupJudge {
    if (this.#judge?.places === places) return this.#judge;
    // The new programs take the places of the old ones.
    this.close();
    const { runtime, networks, batchSize, actor } = this.#options;
    const { hidden_units: hiddenUnits, spec } = networks.settings;
    const threadsFor = (rows: number, sideBySide: number) =>
      chooseThreads({
        rows,
        hiddenUnits,
        observations: spec.observationSpecs,
        sideBySide,
      });
    const isRecurrent = networks.recurrent.length > 0;
    const { evaluate, update, atOnce, views } = isRecurrent
      ? this.#ofSequences(places)
      : this.#ofMoments(places);
    const updating = runtime.loadBeside(
      lowerProgram(update),
      { threads: threadsFor(views * batchSize, 2) },
      actor.session,
    );
    this.group.use(update, updating);
    const model = lowerProgram(evaluate);
    // Values and baselines go through the same layers.
    const rows = 2 * places * mostRowsAtOnce;
    const { sideBySide } = runtime;
    const session = isRecurrent
      ? runtime.loadBeside(model, { threads: threadsFor(rows, 1) })
      : runtime.loadEverywhere(model, {
        threads: threadsFor(rows, sideBySide),
      });
    return this.#judge = { places, session, atOnce };
  }

  #ofSequences(places: number) {
    const { networks, batchSize } = this.#options;
    const length = evaluatedLength(networks.sequenceLength);
    const evaluate = sequenceEvaluateProgram(networks, places - 1, length);
    return {
      evaluate,
      update: judgementUpdateProgram(networks, batchSize, places - 1),
      atOnce: rowsAtOnce(evaluate, length),
      // All members are seen for an agent's value and for its baseline.
      views: 2 * places,
    };
  }

  #ofMoments(places: number) {
    const { networks } = this.#options;
    const evaluate = momentEvaluateProgram(networks, places);
    // All places of one moment of each size.
    const rows = evaluateDim(momentRows(places), () => 1);
    return {
      evaluate,
      update: momentUpdateProgram(networks, places),
      atOnce: rowsAtOnce(
        evaluate,
        rows,
        (name) => name === "experience" ? rows : 1,
      ),
      // An agent is seen in its own baseline, its mates' and the value.
      views: places + 1,
    };
  }

  close(): void {
    this.#judge?.session.close();
    this.group.close();
  }
}
