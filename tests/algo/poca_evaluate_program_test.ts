import assert from "node:assert/strict";
import { evaluateNames } from "../../lib/algo/evaluate_program.ts";
import { absentName, momentSizes } from "../../lib/algo/judge_moments.ts";
import {
  momentEvaluateProgram,
  sequenceEvaluateProgram,
} from "../../lib/algo/poca_evaluate_program.ts";
import { updateNames } from "../../lib/algo/update_program.ts";
import { type Feeds, interpret } from "../../lib/tensor/interpret.ts";
import type { Program } from "../../lib/tensor/program.ts";
import { type NamedArrays, vectorArray } from "../../lib/util/arrays.ts";
import { assertClose, assertSameArray } from "../support/closeness.ts";
import { runLowered } from "../support/lowering.ts";
import { groupMates, PocaCase } from "../support/poca_case.ts";
import { actionKinds, pickInputs } from "../support/ppo_case.ts";

/** What each row is judged as, one by one. */
function expectedOf({ rows, plain }: PocaCase, chosen: readonly number[]) {
  const each = chosen.map((row) => rows[row]);
  return {
    [evaluateNames.values]: each.map((row) => plain.groupValues(row)),
    [evaluateNames.baselines]: each.map((row) => plain.groupBaselines(row)),
    [evaluateNames.logProbabilities]: each.map((row) =>
      plain.logProbabilities(row)
    ),
  };
}

/** Compiled outputs, which are the interpreter's. */
function outputsOf(program: Program, test: PocaCase, arrays: NamedArrays) {
  const feeds = pickInputs(program, {
    ...test.weights,
    ...test.ppo.normalizer,
    ...test.columns,
    ...arrays,
  });
  const outputs = runLowered(program, feeds);
  const interpreted = interpret(program, feeds as Feeds);
  for (const [name, value] of Object.entries(interpreted)) {
    assertSameArray(outputs[name], value, 5e-6, name);
  }
  return outputs;
}

for (const [kind, actions] of Object.entries(actionKinds)) {
  Deno.test(`${kind}: groups are judged as they are one by one`, () => {
    const test = new PocaCase(actions);
    const program = sequenceEvaluateProgram(test.networks, test.widest, 1);
    // In any order, and not all of them.
    const rows = [4, 0, 7, 5, 2];
    const outputs = outputsOf(program, test, {
      [updateNames.rows]: vectorArray(Int32Array.from(rows)),
      mates: {
        data: Int32Array.from(rows.flatMap((row) => groupMates[row])),
        shape: [rows.length, test.widest],
      },
    });
    for (const [name, values] of Object.entries(expectedOf(test, rows))) {
      assert.deepEqual(outputs[name].shape, [rows.length, values[0].length]);
      assertClose(outputs[name].data, values.flat(), 2e-5, name);
    }
  });

  Deno.test(`${kind}: moments are judged as their members are`, () => {
    // Two alone, two pairs, a group of three and one that lacks a member.
    const layouts = {
      2: [[5], [8], [7, 6], [3, 4], [0, 1, 2]],
      3: [[5], [8], [7, 6], [3, 4], [0, 1, 2, -1], [4, 3, -1, -1]],
    };
    for (const [widest, places] of Object.entries(layouts)) {
      const test = new PocaCase(actions, 1, {}, Number(widest));
      const program = momentEvaluateProgram(test.networks, 1 + test.widest);
      const rows = places.flat();
      const absences = momentSizes(1 + test.widest).map((size) => {
        const own = places.filter(({ length }) => length === size);
        const data = Float32Array.from(own.flat(), (row) => row < 0 ? 1 : 0);
        return [absentName(size), { data, shape: [own.length, size] }];
      });
      const outputs = outputsOf(program, test, {
        [updateNames.rows]: vectorArray(
          Int32Array.from(rows, (row) => Math.max(row, 0)),
        ),
        ...Object.fromEntries(absences),
      });
      const everybody = test.rows.map((_, row) => row);
      const { logProbabilities } = evaluateNames;
      assertClose(
        outputs[logProbabilities].data,
        expectedOf(test, everybody)[logProbabilities].flat(),
        2e-5,
      );
      const signals = 2;
      for (const name of [evaluateNames.values, evaluateNames.baselines]) {
        const { data, shape } = outputs[name];
        assert.deepEqual(shape, [rows.length, signals]);
        rows.forEach((row, i) => {
          if (row < 0) return;
          const own = data.slice(i * signals, (i + 1) * signals);
          const [expected] = expectedOf(test, [row])[name];
          assertClose(own, expected, 2e-5, `${name} of row ${row}`);
        });
      }
    }
  });
}

Deno.test("without mates everybody is judged alone, the baseline as the value", () => {
  const test = new PocaCase(actionKinds.hybrid);
  const rows = groupMates.keys().toArray();
  const { plain } = test;
  const expected = test.rows.flatMap((row) =>
    plain.groupValues({ ...row, mates: [], places: 1 })
  );
  const programs = [
    sequenceEvaluateProgram(test.networks, 0, 1),
    momentEvaluateProgram(test.networks, 1),
  ];
  for (const program of programs) {
    const outputs = outputsOf(program, test, {
      [updateNames.rows]: vectorArray(Int32Array.from(rows)),
      [absentName(1)]: {
        data: new Float32Array(rows.length),
        shape: [rows.length, 1],
      },
    });
    assertClose(outputs[evaluateNames.values].data, expected, 2e-5);
    assert.deepEqual(outputs.baselines.data, outputs.values.data);
  }
});
