/** POCA's critic: its weights, and programs for groups of a size. */
import { pocaEvaluateProgram } from "../algo/poca_evaluate_program.ts";
import type { PocaNetworks } from "../algo/poca_networks.ts";
import {
  judgementUpdateProgram,
  momentUpdateProgram,
} from "../algo/poca_update_program.ts";
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
}

/** How groups of a size are judged. */
export interface GroupJudge {
  /** Members of the largest group that can be judged. */
  readonly places: number;
  readonly session: ProgramSession;
  /** Rows, or sequences, of one call. */
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
    this.#judge?.session.close();
    const { runtime, networks, batchSize } = this.#options;
    const { hidden_units: hiddenUnits, spec } = networks.settings;
    const mates = places - 1;
    const threadsFor = (rows: number, sideBySide: number) =>
      chooseThreads({
        rows,
        hiddenUnits,
        observations: spec.observationSpecs,
        sideBySide,
      });
    const isRecurrent = networks.recurrent.length > 0;
    const length = isRecurrent ? evaluatedLength(networks.sequenceLength) : 1;
    const evaluate = pocaEvaluateProgram(networks, mates, length);
    const session = runtime.loadBeside(lowerProgram(evaluate), {
      // Values and baselines go through the same layers.
      threads: threadsFor(2 * places * mostRowsAtOnce, 1),
    });
    const update = isRecurrent
      ? judgementUpdateProgram(networks, batchSize, mates)
      : momentUpdateProgram(networks, places);
    const updating = runtime.loadBeside(lowerProgram(update), {
      // An agent is seen in its own baseline, its mates' and the value; the
      // actor's program runs beside.
      threads: threadsFor(
        (isRecurrent ? 2 * places : places + 1) * batchSize,
        2,
      ),
    });
    this.group.use(update, updating);
    const atOnce = rowsAtOnce(evaluate, length);
    return this.#judge = { places, session, atOnce };
  }

  close(): void {
    this.#judge?.session.close();
    this.group.close();
  }
}
