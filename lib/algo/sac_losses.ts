/** The losses of one batch of SAC, from its columns. */
import {
  add,
  divide,
  exp,
  maximum,
  mean,
  minimum,
  multiply,
  type Nodes,
  reshape,
  slice,
  sum,
} from "../tensor/build.ts";
import type { Node } from "../tensor/operation.ts";
import type { ParameterScope } from "../nn/parameters.ts";
import { actNames } from "./act_program.ts";
import { columnNames } from "./column_names.ts";
import { meanOverRows } from "./mean_over_rows.ts";
import { actionNodes } from "./policy_networks.ts";
import { policyEntropy } from "./ppo.ts";
import { sequenceMemory } from "./program_memory.ts";
import {
  actionValueTargets,
  chosenValues,
  type Discount,
  drawPolicy,
  sacPolicyLoss,
  squaredLoss,
  stateValueTargets,
  temperatureLoss,
  type TwinValues,
} from "./sac.ts";
import {
  sacNames,
  type SacNetworks,
  type Temperatures,
} from "./sac_networks.ts";

/** Statistics of the losses, one value per update. */
export const sacStatistics = {
  policyLoss: "policy_loss",
  valueLoss: "value_loss",
  q1Loss: "q1_loss",
  q2Loss: "q2_loss",
  /** `[branches]`; absent without. */
  discreteTemperature: "discrete_temperature",
  /** `[1]`; absent without continuous actions. */
  continuousTemperature: "continuous_temperature",
  entropy: "entropy",
  /** Mean state values, `[signals]`. */
  values: "values",
} as const;

/** What the losses depend on beside the columns. */
export interface SacVariant {
  /** By signal. */
  readonly discounts: readonly Discount[];
  /** The policy goes by the smaller one of both critics' values. */
  readonly twinMinimum: boolean;
}

/** Scalars to lower, each by weights of its own. */
export interface SacLosses {
  /** By the actor. */
  readonly policy: Node;
  /** By state and action values. */
  readonly critics: Node;
  readonly temperatures: Node;
  readonly statistics: Nodes;
}

/**
 * Of one batch `[batch, ...]` with normalised observations. With memory the
 * rows are sequence after sequence: actor and state values go on from what is
 * in the columns, action values from nothing, and the target network from what
 * V remembers after the first step, where its own first observation is.
 */
export function sacLosses(
  networks: SacNetworks,
  { discounts, twinMinimum }: SacVariant,
  scope: ParameterScope,
  columns: Nodes,
): SacLosses {
  const { actions } = networks;
  const share = shareOf(columns);
  const observations = networks.observationsOf(columns);
  const policy = networks.policy(
    scope,
    observations,
    columns[columnNames.mask],
    memoryIn(networks, sacNames.actor, columns)?.remember,
  );
  const draw = drawPolicy(policy, columns[actNames.continuousNoise]);
  const temperatures = networks.temperatures(scope);
  const twinValues = (continuous?: Node): TwinValues => {
    const [batch] = observations[0].shape;
    const of = (twin: "q1" | "q2") =>
      networks.actionValues(
        scope,
        twin,
        observations,
        continuous,
        networks.emptyMemory(Number(batch) / networks.sequenceLength),
      );
    return [of("q1"), of("q2")];
  };
  const taken = actionNodes(columns);
  const { values, nextValues } = stateValues(networks, scope, columns);
  const targets = actionValueTargets(
    columns[columnNames.rewards],
    columns[columnNames.done],
    nextValues,
    discounts,
  );
  const [q1Loss, q2Loss] = twinValues(taken.continuous).map((all) =>
    squaredLoss(chosenValues(all, taken, actions), targets, share)
  );
  const twins = twinValues(draw.continuous);
  const valueLoss = squaredLoss(
    values,
    stateValueTargets(twins, draw, temperatures, actions),
    share,
  );
  const policyLoss = sacPolicyLoss(
    twinMinimum ? minimum(...twins) : twins[0],
    draw,
    temperatures,
    actions,
    share,
  );
  return {
    policy: policyLoss,
    critics: add(add(q1Loss, q2Loss), valueLoss),
    temperatures: temperatureLoss(draw, temperatures, actions, share),
    statistics: {
      [sacStatistics.policyLoss]: policyLoss,
      [sacStatistics.valueLoss]: valueLoss,
      [sacStatistics.q1Loss]: q1Loss,
      [sacStatistics.q2Loss]: q2Loss,
      [sacStatistics.entropy]: meanOverRows(policyEntropy(policy), share),
      [sacStatistics.values]: meanValues(values, share),
      ...temperatureStatistics(temperatures),
    },
  };
}

/** Each row's share in a mean over rows; padding has none (F-1). */
function shareOf(columns: Nodes): Node | undefined {
  const mask = columns[columnNames.rowMask];
  return mask && divide(mask, maximum(sum(mask), 1));
}

/** Mean over rows, `[signals]`. */
function meanValues(values: Node, share?: Node): Node {
  if (!share) return mean(values, [0]);
  return sum(multiply(values, reshape(share, [share.shape[0], 1])), [0]);
}

/** What a network remembers before the sequences of a batch. */
function memoryIn(networks: SacNetworks, network: string, columns: Nodes) {
  const before = columns[columnNames.memory(network)];
  return before && sequenceMemory(before, networks.sequenceLength);
}

/** V of the states, and of those that followed by the target network. */
function stateValues(
  networks: SacNetworks,
  scope: ParameterScope,
  columns: Nodes,
): { values: Node; nextValues: Node } {
  const { value, target } = sacNames;
  const memory = memoryIn(networks, value, columns);
  const values = networks.stateValues(
    scope,
    value,
    networks.observationsOf(columns),
    memory?.remember,
  );
  const after = memory && firstStep(memory.after);
  const nextValues = networks.stateValues(
    scope,
    target,
    networks.nextOf(columns),
    after && sequenceMemory(after, networks.sequenceLength).remember,
  );
  return { values, nextValues };
}

/** Memories `[sequences, length, n]` after the first step. */
function firstStep(memories: Node): Node {
  const [sequences, , size] = memories.shape;
  return reshape(slice(memories, 1, 0, 1), [sequences, size]);
}

function temperatureStatistics(
  { continuous, discrete }: Temperatures,
): Nodes {
  return {
    ...(continuous &&
      { [sacStatistics.continuousTemperature]: exp(continuous) }),
    ...(discrete && { [sacStatistics.discreteTemperature]: exp(discrete) }),
  };
}
