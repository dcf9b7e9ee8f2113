import assert from "node:assert/strict";
import { evaluateNames } from "../../lib/algo/evaluate_program.ts";
import { pocaEvaluateProgram } from "../../lib/algo/poca_evaluate_program.ts";
import { updateNames } from "../../lib/algo/update_program.ts";
import { type Feeds, interpret } from "../../lib/tensor/interpret.ts";
import { vectorArray } from "../../lib/util/arrays.ts";
import { assertClose, assertSameArray } from "../support/closeness.ts";
import { runLowered } from "../support/lowering.ts";
import { groupMates, PocaCase } from "../support/poca_case.ts";
import { actionKinds, pickInputs } from "../support/ppo_case.ts";

for (const [kind, actions] of Object.entries(actionKinds)) {
  Deno.test(`${kind}: groups are judged as they are one by one`, () => {
    const test = new PocaCase(actions);
    const program = pocaEvaluateProgram(test.networks, test.widest);
    // In any order, and not all of them.
    const rows = [4, 0, 7, 5, 2];
    const feeds = pickInputs(program, {
      ...test.weights,
      ...test.ppo.normalizer,
      ...test.columns,
      [updateNames.rows]: vectorArray(Int32Array.from(rows)),
      mates: {
        data: Int32Array.from(rows.flatMap((row) => groupMates[row])),
        shape: [rows.length, test.widest],
      },
    });
    const outputs = runLowered(program, feeds);
    const interpreted = interpret(program, feeds as Feeds);
    for (const [name, value] of Object.entries(interpreted)) {
      assertSameArray(outputs[name], value, 5e-6, name);
    }
    const chosen = rows.map((row) => test.rows[row]);
    const { plain } = test;
    const expected = {
      [evaluateNames.values]: chosen.map((row) => plain.groupValues(row)),
      [evaluateNames.baselines]: chosen.map((row) => plain.groupBaselines(row)),
      [evaluateNames.logProbabilities]: chosen.map((row) =>
        plain.logProbabilities(row)
      ),
    };
    for (const [name, values] of Object.entries(expected)) {
      assert.deepEqual(outputs[name].shape, [rows.length, values[0].length]);
      assertClose(outputs[name].data, values.flat(), 2e-5, name);
    }
  });
}

Deno.test("without mates everybody is judged alone, the baseline as the value", () => {
  const test = new PocaCase(actionKinds.hybrid);
  const program = pocaEvaluateProgram(test.networks, 0);
  const rows = groupMates.keys().toArray();
  const outputs = runLowered(
    program,
    pickInputs(program, {
      ...test.weights,
      ...test.ppo.normalizer,
      ...test.columns,
      [updateNames.rows]: vectorArray(Int32Array.from(rows)),
    }),
  );
  const { plain } = test;
  const expected = test.rows.flatMap((row) =>
    plain.groupValues({ ...row, mates: [], places: 1 })
  );
  assertClose(outputs[evaluateNames.values].data, expected, 2e-5);
  assert.deepEqual(outputs.baselines.data, outputs.values.data);
});
