/**
 * The critic's part of POCA's update phase. The actor's is PPO's own program:
 * the two share no weights, so they run side by side, and need not even learn
 * from the same minibatches. Those of the critic are whole moments, all members
 * of a group at the same time: members are encoded once for all who see them,
 * and their common value is computed once. A critic with memory learns from
 * sequences of agents, with their mates.
 */
import { flatten, type Nodes, reshape } from "../tensor/build.ts";
import type { Node } from "../tensor/operation.ts";
import type { Program } from "../tensor/program.ts";
import type { ParameterScope } from "../nn/parameters.ts";
import { columnNames } from "./column_names.ts";
import { groupMembers, matesAmong } from "./group_members.ts";
import { absentShapes, judgeMoments, momentRows } from "./judge_moments.ts";
import { judgementLoss } from "./poca.ts";
import type { GroupNodes, Judgement, PocaNetworks } from "./poca_networks.ts";
import { actionNodes } from "./policy_networks.ts";
import {
  experienceOf,
  memoriesOf,
  ppoScalars,
  ppoStatistics,
  sequencesOf,
} from "./ppo_update_programs.ts";
import {
  type ColumnSpec,
  type LossResult,
  updateNames,
  updateProgram,
  type UpdateProgramOptions,
} from "./update_program.ts";

/** Statistics of the critic's program beside PPO's, one per minibatch. */
export const pocaStatistics = {
  ...ppoStatistics,
  baselineLoss: "baseline_loss",
} as const;

/**
 * All epochs and minibatches for the critic's weights, of moments with at most
 * so many `places`. A minibatch's rows are those of its moments, small ones
 * first; some row where there is nobody. It brings the rows' shares and who is
 * absent, by {@link absentName}.
 */
export function momentUpdateProgram(
  networks: PocaNetworks,
  places: number,
): Program {
  const batchSize = momentRows(places);
  const absences = absentShapes(places);
  return updateProgram({
    ...judgementOptions(networks, places > 1),
    batchSize,
    brings: { [updateNames.share]: [batchSize], ...absences },
    loss: (scope, minibatch, scalars) => {
      const codes = networks.memberCodes(
        scope,
        networks.observationsOf(minibatch),
      );
      const judged = judgeMoments(networks, scope, {
        states: networks.states(scope, codes),
        decisions: places > 1
          ? networks.decisions(scope, codes, actionNodes(minibatch))
          : undefined,
        absent: minibatch,
      }, places);
      return judgementResult(judged, minibatch, scalars);
    },
  });
}

/**
 * The same for minibatches of `batchSize` rows, of agents with at most `widest`
 * mates.
 */
export function judgementUpdateProgram(
  networks: PocaNetworks,
  batchSize: number,
  widest: number,
): Program {
  const options = judgementOptions(networks, widest > 0);
  return updateProgram({
    ...options,
    columns: {
      ...options.columns,
      ...(widest > 0 && {
        [columnNames.mates]: { shape: [widest], dtype: "int32" },
      }),
    },
    batchSize,
    ...sequencesOf(networks, "critic", "baseline"),
    loss: (scope, minibatch, scalars, take) => {
      const groups = groupsOf(networks, scope, minibatch, take, 1 + widest);
      const memories = memoriesOf(networks, minibatch);
      const [judged] = networks.judge(scope, [groups], memories);
      return judgementResult(judged, minibatch, scalars);
    },
  });
}

/** What both have in common. */
function judgementOptions(networks: PocaNetworks, haveMates: boolean) {
  const estimates: ColumnSpec = {
    shape: [networks.settings.signals],
    dtype: "float32",
  };
  return {
    name: "judgement_update",
    parameters: networks.parametersOf("critic"),
    ...experienceOf(networks, {
      ...(haveMates && takenActions(networks)),
      [columnNames.returns]: estimates,
      [columnNames.oldBaselines]: estimates,
    }),
    scalars: [ppoScalars.epsilon],
  } satisfies Partial<UpdateProgramOptions>;
}

function judgementResult(
  judged: Judgement,
  minibatch: Nodes,
  scalars: Nodes,
): LossResult {
  const { loss, value, baseline } = judgementLoss({
    ...judged,
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
}

/** The minibatch's agents and their mates, encoded in one go. */
function groupsOf(
  networks: PocaNetworks,
  scope: ParameterScope,
  minibatch: Nodes,
  take: (rows: Node) => Nodes,
  places: number,
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
  if (!mates) return { states, absent: members.absent, places };
  const { continuous, discrete } = actionNodes(columns);
  const decisions = networks.decisions(scope, matesAmong(codes, members), {
    ...(continuous && { continuous: matesAmong(continuous, members) }),
    ...(discrete && { discrete: matesAmong(discrete, members) }),
  });
  return {
    states,
    decisions: reshape(decisions, [...mates.shape, size]),
    absent: members.absent,
    places,
  };
}

/** Columns of actions without their masks. */
function takenActions(networks: PocaNetworks): Record<string, ColumnSpec> {
  return Object.fromEntries(
    Object.entries(networks.actionColumns())
      .filter(([name]) => name !== columnNames.mask),
  );
}
