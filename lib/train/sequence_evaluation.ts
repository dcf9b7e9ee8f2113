/** Judges the experience of recurrent networks, memory after memory. */
import { columnNames } from "../algo/column_names.ts";
import { evaluateNames } from "../algo/evaluate_program.ts";
import type { PolicyNetworks } from "../algo/policy_networks.ts";
import type { Rollout } from "../data/rollout.ts";
import type { ProgramSession } from "../runtime/program_session.ts";
import {
  arrayNamed,
  type NamedArray,
  type NamedArrays,
} from "../util/arrays.ts";
import type { Segment } from "./collector.ts";
import { EvaluatedRows } from "./evaluated_rows.ts";
import type { Sequences } from "./sequences.ts";

export interface SequenceEvaluationInput {
  readonly networks: PolicyNetworks;
  /**
   * The evaluation for sequences of {@link evaluatedLength} steps; weights and
   * the normalisers' statistics are bound.
   */
  readonly session: ProgramSession;
  /** Sequences of one call. */
  readonly atOnce: number;
  readonly rollout: Rollout;
  readonly segments: readonly Segment[];
  /** The segments, cut. */
  readonly sequences: Sequences;
  /** What the evaluation reads of the given rows, sequence after sequence. */
  readonly columnsOf: (rows: Int32Array) => NamedArrays;
}

/** Steps of one call: a sequence and the state after it. */
export const evaluatedLength = (sequenceLength: number) => sequenceLength + 1;

/** An agent's sequence whose turn it is. */
interface Turn {
  readonly segment: number;
  readonly sequence: number;
  /** By network, before the sequence. */
  readonly memories: readonly Float32Array[];
}

/**
 * The outputs of the evaluation by row of the rollout, and by the columns' names
 * each network's memory before every sequence, \`[sequences, n]\`.
 *
 * A sequence begins with the memory that the one before it has left, in this
 * segment or in the agent's one before; the first begins with the rollout's. Who
 * acts remembers by acting; what the others remember at the end of a segment is
 * put into the rollout, at the row with which the agent's next segment begins. An
 * ended agent has no such row and its next episode begins with an empty memory
 * (F-12).
 */
export async function evaluateSequences(
  input: SequenceEvaluationInput,
): Promise<{ evaluated: NamedArrays; memories: NamedArrays }> {
  const evaluation = new SequenceEvaluation(input);
  let turns = evaluation.firstTurns();
  const { atOnce } = input;
  while (turns.length > 0) {
    const next: Turn[] = [];
    for (let i = 0; i < turns.length; i += atOnce) {
      next.push(...await evaluation.run(turns.slice(i, i + atOnce)));
    }
    turns = next;
  }
  return evaluation;
}

class SequenceEvaluation {
  readonly #input: SequenceEvaluationInput;
  /** Number of each segment's first sequence, and of all together. */
  readonly #first: readonly number[];
  readonly #segmentFrom: ReadonlyMap<number, number>;
  readonly #rows: EvaluatedRows;
  readonly memories: Record<string, NamedArray<Float32Array>> = {};

  constructor(input: SequenceEvaluationInput) {
    const { networks, segments, sequences } = input;
    this.#input = input;
    this.#rows = new EvaluatedRows(input.rollout.size);
    const first = [0];
    for (const { rows } of segments) {
      const count = Math.ceil(rows.length / sequences.length);
      first.push(first[first.length - 1] + count);
    }
    this.#first = first;
    this.#segmentFrom = new Map(
      segments.map(({ rows }, segment) => [rows[0], segment]),
    );
    const size = networks.memorySize;
    const count = sequences.sizes.length;
    for (const network of networks.recurrent) {
      this.memories[columnNames.memory(network)] = {
        data: new Float32Array(count * size),
        shape: [count, size],
      };
    }
  }

  get evaluated(): NamedArrays {
    return this.#rows.columns;
  }

  /** The segments that follow no other. */
  firstTurns(): Turn[] {
    const { segments, rollout, networks } = this.#input;
    const following = new Set(segments.map(({ bootstrapRow }) => bootstrapRow));
    const size = networks.memorySize;
    return [...segments.entries()].flatMap(([segment, { rows: [row] }]) =>
      following.has(row) ? [] : [{
        segment,
        sequence: this.#first[segment],
        memories: rollout.memories.map((column) =>
          column.slice(row * size, (row + 1) * size)
        ),
      }]
    );
  }

  /** Judges one sequence of each; returns the ones that follow them. */
  async run(turns: readonly Turn[]): Promise<Turn[]> {
    const { session, sequences, networks, columnsOf } = this.#input;
    const { length, sizes } = sequences;
    const steps = evaluatedLength(length);
    const size = networks.memorySize;
    const rows = new Int32Array(turns.length * steps);
    // Without padding.
    const judged = new Int32Array(rows.length).fill(-1);
    const before = networks.recurrent.map(() =>
      new Float32Array(turns.length * size)
    );
    turns.forEach((turn, i) => {
      const first = turn.sequence * length;
      const own = rows.subarray(i * steps, (i + 1) * steps);
      own.set(sequences.rows.subarray(first, first + length));
      const after = this.#rowAfter(turn);
      if (after >= 0) own[sizes[turn.sequence]] = after;
      else own[length] = own[length - 1];
      const count = sizes[turn.sequence] + Number(after >= 0);
      judged.set(own.subarray(0, count), i * steps);
      turn.memories.forEach((memory, network) => {
        before[network].set(memory, i * size);
        const name = columnNames.memory(networks.recurrent[network]);
        this.memories[name].data.set(memory, turn.sequence * size);
      });
    });
    const outputs = await session.run({
      ...columnsOf(rows),
      ...Object.fromEntries(networks.recurrent.map((network, k) => [
        columnNames.memory(network),
        { data: before[k], shape: [turns.length, size] },
      ])),
    });
    const after = networks.recurrent.map((network) =>
      arrayNamed(outputs, evaluateNames.memories(network)).data
    );
    for (const [name, array] of Object.entries(outputs)) {
      if (!after.includes(array.data)) this.#rows.set(name, array, judged);
    }
    return turns.flatMap((turn, i) => {
      const last = (i * steps + sizes[turn.sequence] - 1) * size;
      const memories = after.map((data) =>
        Float32Array.from(data.subarray(last, last + size), Number)
      );
      return this.#follow({ ...turn, memories });
    });
  }

  /** Row of the state that is to be judged after a sequence; -1 = none. */
  #rowAfter({ segment, sequence }: Turn): number {
    const isLast = sequence + 1 === this.#first[segment + 1];
    return isLast ? this.#input.segments[segment].bootstrapRow : -1;
  }

  /** What comes after a sequence, with the memory after it. */
  #follow({ segment, sequence, memories }: Turn): Turn[] {
    const { segments, rollout, networks } = this.#input;
    if (sequence + 1 < this.#first[segment + 1]) {
      return [{ segment, sequence: sequence + 1, memories }];
    }
    const { bootstrapRow } = segments[segment];
    const next = this.#segmentFrom.get(bootstrapRow);
    if (next !== undefined) {
      return [{ segment: next, sequence: this.#first[next], memories }];
    }
    if (bootstrapRow >= 0) {
      networks.recurrent.forEach((network, k) => {
        if (network === "actor") return;
        rollout.memories[k].set(
          memories[k],
          bootstrapRow * networks.memorySize,
        );
      });
    }
    return [];
  }
}
