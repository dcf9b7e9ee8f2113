/** The programs that judge collected experience of groups. */
import { gather, input, type Nodes, slice } from "../tensor/build.ts";
import { multiplyDims } from "../tensor/dims.ts";
import type { Node } from "../tensor/operation.ts";
import { makeProgram, type Program } from "../tensor/program.ts";
import { simplifyProgram } from "../tensor/simplify.ts";
import {
  bindParameters,
  parameterInputs,
  type ParameterScope,
} from "../nn/parameters.ts";
import { columnNames } from "./column_names.ts";
import {
  evaluateNames,
  memoryOutputs,
  policyOutputs,
} from "./evaluate_program.ts";
import { groupMembers } from "./group_members.ts";
import { absentShapes, judgeMoments, momentRows } from "./judge_moments.ts";
import type { PocaNetworks } from "./poca_networks.ts";
import { actionNodes, byName } from "./policy_networks.ts";
import { sequenceMemory } from "./program_memory.ts";
import { inputsFor, updateNames } from "./update_program.ts";

/**
 * Log probabilities and entropies of `experience` rows, and values and baselines
 * of `rows` of them: those of moments with at most so many `places`, small ones
 * first; some row where there is nobody. Each row is encoded once, however many
 * moments see it.
 */
export function momentEvaluateProgram(
  networks: PocaNetworks,
  places: number,
): Program {
  const experience = new ExperienceNodes(networks);
  const { scope, columns } = experience;
  const rows = input(updateNames.rows, [momentRows(places)], "int32");
  const absent = Object.fromEntries(
    Object.entries(absentShapes(places)).map((
      [name, shape],
    ) => [name, input(name, shape)]),
  );
  const { values, baselines } = judgeMoments(networks, scope, {
    states: gather(experience.states(), rows),
    decisions: places > 1 ? gather(experience.decisions(), rows) : undefined,
    absent,
  }, places);
  const policy = networks.policy(
    scope,
    experience.normalized,
    columns[columnNames.mask],
  );
  return simplifyProgram(makeProgram("evaluate", [
    ...experience.inputs,
    rows,
    ...Object.values(absent),
  ], {
    [evaluateNames.values]: values,
    [evaluateNames.baselines]: baselines,
    ...policyOutputs(policy, columns),
  }));
}

/**
 * Values, baselines, log probabilities and entropies of the given `rows` of
 * experience, whose mates are other ones, at most `widest`: sequence after
 * sequence, `length` rows each. Each row's state is encoded once, however many
 * groups see it.
 */
export function sequenceEvaluateProgram(
  networks: PocaNetworks,
  widest: number,
  length: number,
): Program {
  const experience = new ExperienceNodes(networks);
  const { scope, columns, normalized } = experience;
  const count = multiplyDims([length, "sequences"]);
  const rows = input(updateNames.rows, [count], "int32");
  const mates = widest > 0
    ? [input(columnNames.mates, [count, widest], "int32")]
    : [];
  const before = networks.memoryInputs("sequences");
  const memories = networks.memories(
    before,
    (before) => sequenceMemory(before, length),
  );
  const own: Nodes = Object.fromEntries(
    Object.entries(columns).map(([name, node]) => [name, gather(node, rows)]),
  );
  const policy = networks.policy(
    scope,
    normalized.map((node) => gather(node, rows)),
    own[columnNames.mask],
    memories.actor?.remember,
  );
  const members = groupMembers(rows, mates[0]);
  const [{ values, baselines }] = networks.judge(scope, [{
    states: gather(experience.states(), members.rows),
    ...(widest > 0 && {
      decisions: gather(
        experience.decisions(),
        slice(members.rows, 1, 1, 1 + widest),
      ),
    }),
    absent: members.absent,
    places: 1 + widest,
  }], memories);
  return simplifyProgram(makeProgram("evaluate", [
    ...experience.inputs,
    rows,
    ...mates,
    ...Object.values(before),
  ], {
    [evaluateNames.values]: values,
    [evaluateNames.baselines]: baselines,
    ...policyOutputs(policy, own),
    ...memoryOutputs(networks, memories),
  }));
}

/** Rows of experience and the weights that judge them. */
class ExperienceNodes {
  readonly inputs: readonly Node<"input">[];
  readonly scope: ParameterScope;
  /** Actions and masks. */
  readonly columns: Nodes;
  /** Observations. */
  readonly normalized: readonly Node[];
  readonly #networks: PocaNetworks;
  readonly #codes: Node;

  constructor(networks: PocaNetworks) {
    const rows = "experience";
    const weights = parameterInputs(networks.parameters);
    const observations = networks.observationInputs(rows);
    const statistics = networks.normalizerInputs();
    const actions = inputsFor(networks.actionColumns(), rows);
    this.inputs = [
      ...Object.values(weights),
      ...observations,
      ...statistics,
      ...Object.values(actions),
    ];
    this.#networks = networks;
    this.scope = bindParameters(weights);
    this.columns = actions;
    this.normalized = networks.normalize(observations, byName(statistics));
    this.#codes = networks.memberCodes(this.scope, this.normalized);
  }

  /** Members by their state, `[experience, hidden_units]`. */
  states(): Node {
    return this.#networks.states(this.scope, this.#codes);
  }

  /** Members by their state and actions, `[experience, hidden_units]`. */
  decisions(): Node {
    const actions = actionNodes(this.columns);
    return this.#networks.decisions(this.scope, this.#codes, actions);
  }
}
