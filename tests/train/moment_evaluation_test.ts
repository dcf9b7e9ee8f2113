import assert from "node:assert/strict";
import { columnNames } from "../../lib/algo/column_names.ts";
import { evaluateNames } from "../../lib/algo/evaluate_program.ts";
import { momentEvaluateProgram } from "../../lib/algo/poca_evaluate_program.ts";
import { lowerProgram } from "../../lib/onnx/lower.ts";
import { NativeSession } from "../../lib/runtime/native_session.ts";
import type { ProgramSession } from "../../lib/runtime/program_session.ts";
import type { ExperienceColumn } from "../../lib/train/experience.ts";
import { evaluateMoments } from "../../lib/train/moment_evaluation.ts";
import { findMoments } from "../../lib/train/moments.ts";
import type { NamedArrays } from "../../lib/util/arrays.ts";
import { assertClose } from "../support/closeness.ts";
import { groupMates, PocaCase } from "../support/poca_case.ts";
import { actionKinds } from "../support/ppo_case.ts";

const size = groupMates.length;

/** The case's experience, judged in calls of so many moments of each size. */
async function evaluate(test: PocaCase, atOnce: number, sideBySide = 1) {
  const places = 1 + test.widest;
  const program = momentEvaluateProgram(test.networks, places);
  const native = new NativeSession(lowerProgram(program), { threads: 1 });
  native.bind({ ...test.weights, ...test.ppo.normalizer });
  let calls = 0;
  const session: ProgramSession = {
    bind: (values) => native.bind(values),
    run: (feeds: NamedArrays) => {
      calls++;
      return native.run(feeds);
    },
    close: () => native.close(),
  };
  const columns: Record<string, ExperienceColumn> = {};
  for (const { attributes: { name } } of program.inputs) {
    const column = test.columns[name];
    if (!column || column.data instanceof BigInt64Array) continue;
    const { data, shape } = column;
    columns[name] = data instanceof Int32Array
      ? { data, shape }
      : { data: Float32Array.from(data, Number), shape };
  }
  const { data, shape: [, widest] } = test.columns[columnNames.mates];
  const groups = { mates: Int32Array.from(data, Number), widest };
  const evaluated = await evaluateMoments({
    session,
    moments: findMoments(Array(size).keys(), groups, places),
    columns,
    size,
    atOnce,
    sideBySide,
  });
  native.close();
  return { evaluated, calls };
}

const kinds = Object.entries(actionKinds).flatMap(([kind, actions]) =>
  // Groups of three are full, or lack a member.
  [2, 3].map((widest) => ({ kind, actions, widest }))
);

for (const { kind, actions, widest } of kinds) {
  const name = `${kind}, up to ${widest} mates`;
  Deno.test(`${name}: every row is judged as it is alone, in any pieces`, async () => {
    const test = new PocaCase(actions, 1, {}, widest);
    const { plain } = test;
    const expected = {
      [evaluateNames.values]: test.rows.map((row) => plain.groupValues(row)),
      [evaluateNames.baselines]: test.rows.map((row) =>
        plain.groupBaselines(row)
      ),
      [evaluateNames.logProbabilities]: test.rows.map((row) =>
        plain.logProbabilities(row)
      ),
    };
    // Two agents alone, two pairs, one of three: two of a size at most.
    const cases = [[9, 1, 1], [2, 1, 1], [1, 1, 2], [9, 2, 2], [9, 3, 2]];
    for (const [atOnce, sideBySide, wanted] of cases) {
      const { evaluated, calls } = await evaluate(test, atOnce, sideBySide);
      assert.equal(calls, wanted);
      for (const [name, values] of Object.entries(expected)) {
        const { data, shape } = evaluated[name];
        assert.deepEqual(shape, [size, values[0].length], name);
        assertClose(data, values.flat(), 2e-5, `${name}, ${atOnce} at once`);
      }
      const { data } = evaluated[evaluateNames.entropy];
      assert.equal(data.length, size);
      assert(Array.from(data, Number).every((entropy) => entropy !== 0));
    }
    const [whole, pieces] = await Promise.all(
      [2, 1].map((n) => evaluate(test, n)),
    );
    const entropies = [whole, pieces].map(({ evaluated }) =>
      Array.from(evaluated[evaluateNames.entropy].data, Number)
    );
    assertClose(entropies[1], entropies[0], 1e-6);
  });
}

Deno.test("a row's own call tells what is thought of it, whoever is last", async () => {
  // Rows 4 and 5 are seen by groups of which they know nothing.
  const seen = [[1, 5], [0, 5], [3, 4], [2, 4], [-1, -1], [-1, -1]];
  const groups = { mates: Int32Array.from(seen.flat()), widest: 2 };
  for (const slowest of [0, 1]) {
    let calls = 0;
    const session: ProgramSession = {
      bind() {},
      async run({ rows, seen }: NamedArrays) {
        const call = calls++;
        if (call === slowest) await new Promise((done) => setTimeout(done, 5));
        const all = (n: number) => ({
          data: new Float32Array(n).fill(call),
          shape: [n, 1],
        });
        const { values, baselines, logProbabilities, entropy } = evaluateNames;
        return {
          [values]: all(rows.data.length),
          [baselines]: all(rows.data.length),
          [logProbabilities]: all(seen.data.length),
          [entropy]: all(seen.data.length),
        };
      },
      close() {},
    };
    const evaluated = await evaluateMoments({
      session,
      moments: findMoments(seen.keys(), groups, 3),
      columns: { seen: { data: new Float32Array(6), shape: [6, 1] } },
      size: 6,
      atOnce: 9,
      sideBySide: 2,
    });
    for (const { data } of Object.values(evaluated)) {
      assert.deepEqual([...data], [0, 0, 1, 1, 0, 1]);
    }
  }
});
