import assert from "node:assert/strict";
import {
  evaluateNames,
  evaluateProgram,
} from "../../lib/algo/evaluate_program.ts";
import { assertClose } from "../support/closeness.ts";
import { runLowered } from "../support/lowering.ts";
import { actionKinds, pickInputs, PpoCase } from "../support/ppo_case.ts";

const count = 6;

for (const [kind, actions] of Object.entries(actionKinds)) {
  Deno.test(`${kind}: values, log probabilities and entropies of rows`, () => {
    const test = new PpoCase(actions, count);
    const program = evaluateProgram(test.networks);
    const outputs = runLowered(
      program,
      pickInputs(program, {
        ...test.weights,
        ...test.normalizer,
        ...test.columns,
      }),
    );
    const { plain, rows } = test;
    const values = rows.flatMap(({ observation }) => plain.values(observation));
    const { data, shape } = outputs[evaluateNames.values];
    assert.deepEqual(shape, [count, 2]);
    assertClose(data, values, 1e-5, "values");
    assertClose(
      outputs[evaluateNames.logProbabilities].data,
      rows.flatMap((row) => plain.logProbabilities(row)),
      1e-4,
      "log probabilities",
    );
    const entropies = rows.map((row) => plain.entropy(row));
    // All states share the entropy of a policy without branches.
    const expected = kind === "continuous" ? entropies.slice(0, 1) : entropies;
    const entropy = outputs[evaluateNames.entropy];
    assert.deepEqual(entropy.shape, [expected.length]);
    assertClose(entropy.data, expected, 1e-5, "entropy");
  });
}
