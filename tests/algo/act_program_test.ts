import assert from "node:assert/strict";
import { actNames, actProgram } from "../../lib/algo/act_program.ts";
import { branchTotal } from "../../lib/spec.ts";
import { assertClose } from "../support/closeness.ts";
import { runLowered } from "../support/lowering.ts";
import { actionKinds, pickInputs, PpoCase } from "../support/ppo_case.ts";

const count = 5;

/** Noise inputs: in each row the first value counts most. */
function noiseOf(test: PpoCase, size: number) {
  const { continuousSize } = test.networks.actions;
  const noise = (width: number) => ({
    data: Float32Array.from(
      { length: count * width },
      (_, i) => size * (1 - i % width),
    ),
    shape: [count, width],
  });
  return {
    [actNames.continuousNoise]: noise(continuousSize),
    [actNames.discreteNoise]: noise(branchTotal(test.networks.actions)),
  };
}

function act(test: PpoCase, noise: number) {
  const program = actProgram(test.networks);
  return runLowered(
    program,
    pickInputs(program, {
      ...test.weights,
      ...test.normalizer,
      ...test.columns,
      ...noiseOf(test, noise),
    }),
  );
}

for (const [kind, actions] of Object.entries(actionKinds)) {
  Deno.test(`${kind}: without noise the likeliest actions are taken`, () => {
    const test = new PpoCase(actions, count);
    const outputs = act(test, 0);
    if (actions.continuousSize > 0) {
      const means = test.rows.flatMap(({ observation }) =>
        test.plain.mean(observation)
      );
      assertClose(outputs[actNames.continuous].data, means, 1e-5);
    }
    if (actions.discreteBranches.length > 0) {
      const likeliest = test.rows.flatMap(({ observation, mask }) =>
        test.plain.probabilities(observation, mask).map((p) =>
          p.indexOf(Math.max(...p))
        )
      );
      assert.deepEqual([...outputs[actNames.discrete].data], likeliest);
    }
  });

  Deno.test(`${kind}: noise moves samples and choices`, () => {
    const test = new PpoCase(actions, count);
    const outputs = act(test, 40);
    if (actions.continuousSize > 0) {
      const deviations = test.plain.deviations();
      const samples = test.rows.flatMap(({ observation }) =>
        test.plain.mean(observation).map((mean, d) =>
          mean + deviations[d] * 40 * (1 - d)
        )
      );
      assertClose(outputs[actNames.continuous].data, samples, 1e-5);
    }
    if (actions.discreteBranches.length > 0) {
      // So much noise outweighs every logit, but no mask.
      const first = test.rows.flatMap(({ observation, mask }) =>
        test.plain.probabilities(observation, mask).map((p) =>
          p.findIndex((probability) => probability > 0)
        )
      );
      assert.deepEqual([...outputs[actNames.discrete].data], first);
    }
  });
}

Deno.test("acting takes the actor's weights only", () => {
  const { networks } = new PpoCase(actionKinds.hybrid, 1);
  const program = actProgram(networks);
  const names = program.inputs.map(({ attributes }) => attributes.name);
  const weights = networks.parametersOf("actor").map(({ name }) => name);
  assert.deepEqual(names, [
    ...weights,
    "obs_0",
    "obs_1",
    "normalizer.0.mean",
    "normalizer.0.scale",
    "normalizer.1.mean",
    "normalizer.1.scale",
    "mask",
    "continuous_noise",
    "discrete_noise",
  ]);
});
