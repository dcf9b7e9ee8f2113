/** POCA's critic and how it judges, compiled for groups of a size. */
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

export class GroupCritic {
  /** Members of the largest group that it can judge. */
  readonly places: number;
  readonly group: WeightGroup;
  readonly session: ProgramSession;
  /** Rows, or sequences, of one call of the evaluation. */
  readonly atOnce: number;

  /** Compiles the programs; `weights` are the critic's. */
  static async create(
    { runtime, networks, batchSize }: GroupCriticOptions,
    places: number,
    weights: NamedArrays,
  ): Promise<GroupCritic> {
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
    const [session, group] = await Promise.all([
      runtime.load(lowerProgram(evaluate), {
        // Values and baselines go through the same layers.
        threads: threadsFor(2 * places * mostRowsAtOnce, 1),
      }),
      WeightGroup.create(
        "critic",
        runtime,
        isRecurrent
          ? judgementUpdateProgram(networks, batchSize, mates)
          : momentUpdateProgram(networks, places),
        weights,
        // An agent is seen in its own baseline, its mates' and the value; the
        // actor's program runs beside.
        threadsFor((isRecurrent ? 2 * places : places + 1) * batchSize, 2),
      ),
    ]);
    const atOnce = rowsAtOnce(evaluate, length);
    return new GroupCritic(places, group, session, atOnce);
  }

  private constructor(
    places: number,
    group: WeightGroup,
    session: ProgramSession,
    atOnce: number,
  ) {
    this.places = places;
    this.group = group;
    this.session = session;
    this.atOnce = atOnce;
  }

  close(): void {
    this.session.close();
    this.group.close();
  }
}
