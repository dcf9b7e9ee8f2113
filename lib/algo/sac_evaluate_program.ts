/** The program that judges states for SAC, whole sequences at once. */
import { multiplyDims } from "../tensor/dims.ts";
import { makeProgram, type Program } from "../tensor/program.ts";
import { simplifyProgram } from "../tensor/simplify.ts";
import { bindParameters, parameterInputs } from "../nn/parameters.ts";
import { columnNames } from "./column_names.ts";
import { byName } from "./policy_networks.ts";
import { sequenceMemory } from "./program_memory.ts";
import { sacNames, type SacNetworks } from "./sac_networks.ts";
import { updateNames } from "./update_program.ts";

/** Outputs of the evaluation. */
export const sacEvaluateNames = {
  /** `[rows, signals]`. */
  values: "values",
  /** `[sequences, length, n]`: what V remembers after every row. */
  memories: updateNames.next + columnNames.memory(sacNames.value),
} as const;

/**
 * Values of states, and with memory what V remembers of them: rows are then
 * sequence after sequence, as long as the networks learn from.
 */
export function sacEvaluateProgram(networks: SacNetworks): Program {
  const { value } = sacNames;
  const length = networks.sequenceLength;
  const weights = parameterInputs(networks.parametersOf(value));
  const observations = networks.observationInputs(
    multiplyDims([length, "sequences"]),
  );
  const statistics = networks.normalizerInputs();
  const before = networks.memoryInputs("sequences", [value]);
  const memory = networks.memories(
    before,
    (before) => sequenceMemory(before, length),
  )[value];
  const values = networks.stateValues(
    bindParameters(weights),
    value,
    networks.normalize(observations, byName(statistics)),
    memory?.remember,
  );
  return simplifyProgram(makeProgram("sac_evaluate", [
    ...Object.values(weights),
    ...observations,
    ...statistics,
    ...Object.values(before),
  ], {
    [sacEvaluateNames.values]: values,
    ...(memory && { [sacEvaluateNames.memories]: memory.after }),
  }));
}
