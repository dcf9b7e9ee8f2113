/** The program that judges collected experience. */
import { input } from "../tensor/build.ts";
import { makeProgram, type Program } from "../tensor/program.ts";
import { simplifyProgram } from "../tensor/simplify.ts";
import { bindParameters, parameterInputs } from "../nn/parameters.ts";
import { logProbabilities, policyEntropy } from "./ppo.ts";
import {
  actionColumns,
  actionNodes,
  byName,
  columnNames,
  type PpoNetworks,
} from "./ppo_networks.ts";

/** Outputs of the evaluation. */
export const evaluateNames = {
  /** `[rows, signals]`. */
  values: "values",
  /** `[rows, n + branches]`. */
  logProbabilities: "log_probabilities",
  /** `[rows]`, or `[1]` where it does not depend on the state. */
  entropy: "entropy",
} as const;

/** Values, log probabilities and entropies of `experience` rows (F-30). */
export function evaluateProgram(networks: PpoNetworks): Program {
  const rows = "experience";
  const weights = parameterInputs(networks.parameters);
  const observations = networks.observationInputs(rows);
  const statistics = networks.normalizerInputs();
  const actions = Object.entries(actionColumns(networks)).map((
    [name, { shape, dtype }],
  ) => input(name, [rows, ...shape], dtype));
  const columns = byName(actions);
  const scope = bindParameters(weights);
  const normalized = networks.normalize(observations, byName(statistics));
  const policy = networks.policy(scope, normalized, columns[columnNames.mask]);
  return simplifyProgram(makeProgram("evaluate", [
    ...Object.values(weights),
    ...observations,
    ...statistics,
    ...actions,
  ], {
    [evaluateNames.values]: networks.values(scope, normalized),
    [evaluateNames.logProbabilities]: logProbabilities(
      policy,
      actionNodes(columns),
    ),
    [evaluateNames.entropy]: policyEntropy(policy),
  }));
}
