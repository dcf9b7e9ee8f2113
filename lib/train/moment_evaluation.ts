/** Judges the experience of groups, moment by moment. */
import { evaluateNames } from "../algo/evaluate_program.ts";
import { absentName } from "../algo/judge_moments.ts";
import { updateNames } from "../algo/update_program.ts";
import type { ProgramSession } from "../runtime/program_session.ts";
import { arrayNamed, type NamedArrays, vectorArray } from "../util/arrays.ts";
import { EvaluatedRows } from "./evaluated_rows.ts";
import { type ExperienceColumn, takeRows } from "./experience.ts";
import type { Moments } from "./moments.ts";

export interface MomentEvaluationInput {
  /** Weights and the normalisers' statistics are bound. */
  readonly session: ProgramSession;
  /** Moments of every size, to which together each row belongs once. */
  readonly moments: readonly Moments[];
  readonly columns: Readonly<Record<string, ExperienceColumn>>;
  /** Rows of experience. */
  readonly size: number;
  /** So many moments of each size in each call. */
  readonly atOnce: number;
  /** Calls that the session can run at the same time. */
  readonly sideBySide: number;
}

/** The evaluation's outputs by row of the rollout, from one or more calls. */
export async function evaluateMoments(
  { session, moments, columns, size, ...limits }: MomentEvaluationInput,
): Promise<NamedArrays> {
  const { atOnce, sideBySide } = limits;
  const evaluated = new EvaluatedRows(size);
  const counts = moments.map(({ size, rows }) => rows.length / size);
  const most = Math.max(...counts);
  const calls = sideBySide * Math.ceil(most / (sideBySide * atOnce));
  const evaluate = async (call: number): Promise<void> => {
    const part = moments.map((each) => partOf(each, call, calls));
    const rows = [...new Set(part.flatMap(({ rows }) => [...rows]))]
      .filter((row) => row >= 0);
    if (rows.length === 0) return;
    const numbers = new Map(rows.map((row, i) => [row, i]));
    const outputs = await session.run({
      ...takeRows(columns, Int32Array.from(rows)),
      ...momentFeeds(part, numbers),
    });
    const { values, baselines, logProbabilities, entropy } = evaluateNames;
    const owned = part.flatMap(({ rows, own }) => [
      ...rows.map((row, i) => own[i] ? row : -1),
    ]);
    for (const name of [values, baselines]) {
      evaluated.set(name, arrayNamed(outputs, name), owned);
    }
    // Others may see a row, too: whichever call ends last, its own one tells.
    const mine = new Set(owned);
    const own = rows.map((row) => mine.has(row) ? row : -1);
    for (const name of [logProbabilities, entropy]) {
      evaluated.set(name, arrayNamed(outputs, name), own);
    }
  };
  for (let call = 0; call < calls; call += sideBySide) {
    await Promise.all(
      Array.from({ length: sideBySide }, (_, i) => evaluate(call + i)),
    );
  }
  return evaluated.columns;
}

/** The moments whose turn it is in one of so many calls; nobody's where none. */
function partOf(
  { size, rows, own }: Moments,
  call: number,
  calls: number,
): Moments {
  const count = rows.length / size;
  const [from, to] = [call, call + 1].map((turn) =>
    size * Math.floor(turn * count / calls)
  );
  // The program wants one of each size.
  return from === to
    ? { size, rows: new Int32Array(size).fill(-1), own: new Uint8Array(size) }
    : { size, rows: rows.subarray(from, to), own: own.subarray(from, to) };
}

/** What the program takes of moments, whose rows have other numbers there. */
function momentFeeds(
  moments: readonly Moments[],
  numbers: ReadonlyMap<number, number>,
): NamedArrays {
  const rows = moments.flatMap(({ rows }) => [...rows]);
  return {
    [updateNames.rows]: vectorArray(
      Int32Array.from(rows, (row) => numbers.get(row) ?? 0),
    ),
    ...Object.fromEntries(moments.map(({ size, rows }) => [absentName(size), {
      data: Float32Array.from(rows, (row) => row < 0 ? 1 : 0),
      shape: [rows.length / size, size],
    }])),
  };
}
