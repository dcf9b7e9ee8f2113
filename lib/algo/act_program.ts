/** The program that chooses actions. */
import { input } from "../tensor/build.ts";
import type { Node } from "../tensor/operation.ts";
import { makeProgram, type Program } from "../tensor/program.ts";
import { simplifyProgram } from "../tensor/simplify.ts";
import { branchTotal } from "../spec.ts";
import { sampleCategorical, sampleGaussian } from "../nn/distributions.ts";
import {
  bindParameters,
  parameterConstants,
  parameterInputs,
} from "../nn/parameters.ts";
import type { NamedArrays } from "../util/arrays.ts";
import { columnNames } from "./column_names.ts";
import { byName, type PolicyNetworks } from "./policy_networks.ts";
import { stepMemory } from "./program_memory.ts";
import { updateNames } from "./update_program.ts";

/** Names of the acting program's noise inputs and outputs. */
export const actNames = {
  /** Standard normal, `[agents, n]`. */
  continuousNoise: "continuous_noise",
  /** Standard Gumbel, `[agents, sum of branches]`. */
  discreteNoise: "discrete_noise",
  /** As they are stored, see `sendActions` of the networks. */
  continuous: columnNames.continuous,
  discrete: columnNames.discrete,
  /** A recurrent policy's memory, `[agents, n]`, in and out. */
  memory: columnNames.memory("actor"),
  nextMemory: updateNames.next + columnNames.memory("actor"),
} as const;

/**
 * Acting: observations of `agents` rows, masks and noise in; actions out. Zero
 * noise gives the likeliest actions. With `fixed` weights the program holds
 * them as constants, which onnxruntime arranges for speed once and for all;
 * without, they are inputs.
 */
export function actProgram(
  networks: PolicyNetworks,
  fixed?: NamedArrays,
): Program {
  const rows = "agents";
  const { continuousSize } = networks.actions;
  const weights = fixed ? {} : parameterInputs(networks.parametersOf("actor"));
  const observations = networks.observationInputs(rows);
  const statistics = networks.normalizerInputs();
  const masks = networks.maskInput(rows);
  const before = networks.memoryInputs(rows, ["actor"]);
  const { actor: memory } = networks.memories(before, stepMemory);
  const policy = networks.policy(
    bindParameters(fixed ? parameterConstants(fixed) : weights),
    networks.normalize(observations, byName(statistics)),
    masks[0],
    memory?.remember,
  );
  const noise: Node<"input">[] = [];
  const outputs: Record<string, Node> = {};
  if (policy.gaussian) {
    const draw = input(actNames.continuousNoise, [rows, continuousSize]);
    noise.push(draw);
    outputs[actNames.continuous] = sampleGaussian(policy.gaussian, draw);
  }
  if (policy.categorical) {
    const draw = input(actNames.discreteNoise, [
      rows,
      branchTotal(networks.actions),
    ]);
    noise.push(draw);
    outputs[actNames.discrete] = sampleCategorical(policy.categorical, draw);
  }
  if (memory) outputs[actNames.nextMemory] = memory.after;
  return simplifyProgram(makeProgram("act", [
    ...Object.values(weights),
    ...observations,
    ...statistics,
    ...masks,
    ...noise,
    ...Object.values(before),
  ], outputs));
}
