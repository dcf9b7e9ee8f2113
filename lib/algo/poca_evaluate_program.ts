/** The program that judges collected experience of groups. */
import { gather, input, type Nodes, slice } from "../tensor/build.ts";
import { multiplyDims } from "../tensor/operation.ts";
import { makeProgram, type Program } from "../tensor/program.ts";
import { simplifyProgram } from "../tensor/simplify.ts";
import { bindParameters, parameterInputs } from "../nn/parameters.ts";
import { columnNames } from "./column_names.ts";
import { evaluateNames, memoryOutputs } from "./evaluate_program.ts";
import { groupMembers } from "./group_members.ts";
import type { PocaNetworks } from "./poca_networks.ts";
import { actionNodes, byName } from "./policy_networks.ts";
import { logProbabilities, policyEntropy } from "./ppo.ts";
import { sequenceMemory } from "./program_memory.ts";
import { updateNames } from "./update_program.ts";

/**
 * Values, baselines, log probabilities and entropies of the given `rows` of
 * experience, whose mates are other ones, at most `widest`. Each row's state is
 * encoded once, however many groups see it. Of recurrent networks the given
 * rows are sequence after sequence, `length` rows each.
 */
export function pocaEvaluateProgram(
  networks: PocaNetworks,
  widest: number,
  length = 1,
): Program {
  const isRecurrent = networks.recurrent.length > 0;
  const count = isRecurrent ? multiplyDims([length, "sequences"]) : "agents";
  const weights = parameterInputs(networks.parameters);
  const observations = networks.observationInputs("experience");
  const statistics = networks.normalizerInputs();
  const actions = Object.entries(networks.actionColumns()).map((
    [name, { shape, dtype }],
  ) => input(name, ["experience", ...shape], dtype));
  const rows = input(updateNames.rows, [count], "int32");
  const mates = widest > 0
    ? [input(columnNames.mates, [count, widest], "int32")]
    : [];
  const before = networks.memoryInputs("sequences");
  const memories = networks.memories(
    before,
    (before) => sequenceMemory(before, length),
  );
  const scope = bindParameters(weights);
  const normalized = networks.normalize(observations, byName(statistics));
  const columns = byName(actions);
  const own: Nodes = Object.fromEntries(
    Object.entries(columns).map(([name, node]) => [name, gather(node, rows)]),
  );
  const policy = networks.policy(
    scope,
    normalized.map((node) => gather(node, rows)),
    own[columnNames.mask],
    memories.actor?.remember,
  );
  const codes = networks.memberCodes(scope, normalized);
  const members = groupMembers(rows, mates[0]);
  const { values, baselines } = networks.judge(scope, {
    states: gather(networks.states(scope, codes), members.rows),
    ...(widest > 0 && {
      decisions: gather(
        networks.decisions(scope, codes, actionNodes(columns)),
        slice(members.rows, 1, 1, 1 + widest),
      ),
    }),
    absent: members.absent,
  }, memories);
  return simplifyProgram(makeProgram("evaluate", [
    ...Object.values(weights),
    ...observations,
    ...statistics,
    ...actions,
    rows,
    ...mates,
    ...Object.values(before),
  ], {
    [evaluateNames.values]: values,
    [evaluateNames.baselines]: baselines,
    [evaluateNames.logProbabilities]: logProbabilities(
      policy,
      actionNodes(own),
    ),
    [evaluateNames.entropy]: policyEntropy(policy),
    ...memoryOutputs(networks, memories),
  }));
}
