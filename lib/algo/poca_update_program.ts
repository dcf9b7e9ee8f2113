/**
 * The critic's part of POCA's update phase. The actor's is PPO's own program:
 * the two share no weights, so they run side by side.
 */
import { flatten, type Nodes, reshape } from "../tensor/build.ts";
import type { Node } from "../tensor/operation.ts";
import type { Program } from "../tensor/program.ts";
import type { ParameterScope } from "../nn/parameters.ts";
import { columnNames } from "./column_names.ts";
import { groupMembers, matesAmong } from "./group_members.ts";
import { judgementLoss } from "./poca.ts";
import type { GroupNodes, PocaNetworks } from "./poca_networks.ts";
import { actionNodes } from "./policy_networks.ts";
import {
  memoriesOf,
  ppoScalars,
  ppoStatistics,
  sequencesOf,
} from "./ppo_update_programs.ts";
import {
  type ColumnSpec,
  updateNames,
  updateProgram,
} from "./update_program.ts";

/** Statistics of the critic's program beside PPO's, one per minibatch. */
export const pocaStatistics = {
  ...ppoStatistics,
  baselineLoss: "baseline_loss",
} as const;

/**
 * All epochs and minibatches of `batchSize` rows for the critic's weights, of
 * agents with at most `widest` mates.
 */
export function judgementUpdateProgram(
  networks: PocaNetworks,
  batchSize: number,
  widest: number,
): Program {
  const estimates: ColumnSpec = {
    shape: [networks.settings.signals],
    dtype: "float32",
  };
  return updateProgram({
    name: "judgement_update",
    parameters: networks.parametersOf("critic"),
    columns: {
      ...networks.observationColumns(),
      ...(widest > 0 && takenActions(networks)),
      ...(widest > 0 && {
        [columnNames.mates]: { shape: [widest], dtype: "int32" },
      }),
      [columnNames.returns]: estimates,
      [columnNames.oldBaselines]: estimates,
    },
    scalars: [ppoScalars.epsilon],
    extra: networks.normalizerInputs(),
    prepare: (columns, extra) => networks.normalizeColumns(columns, extra),
    batchSize,
    ...sequencesOf(networks, "critic", "baseline"),
    loss: (scope, minibatch, scalars, take) => {
      const { loss, value, baseline } = judgementLoss({
        ...networks.judge(
          scope,
          groupsOf(networks, scope, minibatch, take),
          memoriesOf(networks, minibatch),
        ),
        returns: minibatch[columnNames.returns],
        oldBaselines: minibatch[columnNames.oldBaselines],
        epsilon: scalars[ppoScalars.epsilon],
        share: minibatch[updateNames.share],
      });
      return {
        loss,
        statistics: {
          [pocaStatistics.valueLoss]: value,
          [pocaStatistics.baselineLoss]: baseline,
        },
      };
    },
  });
}

/** The minibatch's agents and their mates, encoded in one go. */
function groupsOf(
  networks: PocaNetworks,
  scope: ParameterScope,
  minibatch: Nodes,
  take: (rows: Node) => Nodes,
): GroupNodes {
  const mates: Node | undefined = minibatch[columnNames.mates];
  const members = groupMembers(minibatch[updateNames.rows], mates);
  const columns = take(flatten(members.rows));
  const codes = networks.memberCodes(scope, networks.observationsOf(columns));
  const { hidden_units: size } = networks.settings;
  const states = reshape(networks.states(scope, codes), [
    ...members.rows.shape,
    size,
  ]);
  if (!mates) return { states, absent: members.absent };
  const { continuous, discrete } = actionNodes(columns);
  const decisions = networks.decisions(scope, matesAmong(codes, members), {
    ...(continuous && { continuous: matesAmong(continuous, members) }),
    ...(discrete && { discrete: matesAmong(discrete, members) }),
  });
  return {
    states,
    decisions: reshape(decisions, [...mates.shape, size]),
    absent: members.absent,
  };
}

/** Columns of actions without their masks. */
function takenActions(networks: PocaNetworks): Record<string, ColumnSpec> {
  return Object.fromEntries(
    Object.entries(networks.actionColumns())
      .filter(([name]) => name !== columnNames.mask),
  );
}
