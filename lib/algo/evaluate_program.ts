/** The program that judges collected experience. */
import type { Nodes } from "../tensor/build.ts";
import { multiplyDims } from "../tensor/dims.ts";
import { makeProgram, type Program } from "../tensor/program.ts";
import { simplifyProgram } from "../tensor/simplify.ts";
import { bindParameters, parameterInputs } from "../nn/parameters.ts";
import type { PolicyOutput } from "../nn/policy.ts";
import { logProbabilities, policyEntropy } from "./ppo.ts";
import { columnNames, type NetworkName } from "./column_names.ts";
import {
  actionNodes,
  byName,
  type NetworkMemories,
  type PolicyNetworks,
} from "./policy_networks.ts";
import type { PpoNetworks } from "./ppo_networks.ts";
import { sequenceMemory } from "./program_memory.ts";
import { inputsFor, updateNames } from "./update_program.ts";

/** Outputs of the evaluation. */
export const evaluateNames = {
  /** `[rows, signals]`. */
  values: "values",
  /** `[rows, signals]`, where groups are judged. */
  baselines: "baselines",
  /** `[rows, n + branches]`. */
  logProbabilities: "log_probabilities",
  /** `[rows]`, or `[1]` where it does not depend on the state. */
  entropy: "entropy",
  /** `[sequences, length, n]`: a recurrent network's memory after every row. */
  memories: (network: NetworkName) =>
    updateNames.next + columnNames.memory(network),
} as const;

/**
 * Values, log probabilities and entropies of `experience` rows (F-30). Of
 * recurrent networks the rows are sequence after sequence, `length` rows each.
 */
export function evaluateProgram(networks: PpoNetworks, length = 1): Program {
  const isRecurrent = networks.recurrent.length > 0;
  const rows = isRecurrent ? multiplyDims([length, "sequences"]) : "experience";
  const weights = parameterInputs(networks.parameters);
  const observations = networks.observationInputs(rows);
  const statistics = networks.normalizerInputs();
  const columns = inputsFor(networks.actionColumns(), rows);
  const scope = bindParameters(weights);
  const normalized = networks.normalize(observations, byName(statistics));
  const before = networks.memoryInputs("sequences");
  const memories = networks.memories(
    before,
    (before) => sequenceMemory(before, length),
  );
  const { policy, values } = networks.policyAndValues(
    scope,
    normalized,
    columns[columnNames.mask],
    memories,
  );
  return simplifyProgram(makeProgram("evaluate", [
    ...Object.values(weights),
    ...observations,
    ...statistics,
    ...Object.values(columns),
    ...Object.values(before),
  ], {
    [evaluateNames.values]: values,
    ...policyOutputs(policy, columns),
    ...memoryOutputs(networks, memories),
  }));
}

/** How likely the actions among `columns` were, and entropies. */
export function policyOutputs(policy: PolicyOutput, columns: Nodes): Nodes {
  return {
    [evaluateNames.logProbabilities]: logProbabilities(
      policy,
      actionNodes(columns),
    ),
    [evaluateNames.entropy]: policyEntropy(policy),
  };
}

/** What recurrent networks remember after every row, by the outputs' names. */
export function memoryOutputs(
  { recurrent }: PolicyNetworks,
  memories: NetworkMemories,
): Nodes {
  return Object.fromEntries(
    recurrent.flatMap((network) => {
      const memory = memories[network];
      return memory ? [[evaluateNames.memories(network), memory.after]] : [];
    }),
  );
}
