/**
 * PPO's update phase as two programs. Actor and critic share no weights, and
 * the loss is a sum of their parts, so each part's gradient and optimiser step
 * are the same alone: two programs can run side by side. With a shared critic
 * they do share weights, and one program lowers the sum.
 */
import { add, less, type Nodes } from "../tensor/build.ts";
import type { Node } from "../tensor/operation.ts";
import type { Program } from "../tensor/program.ts";
import type { PolicyOutput } from "../nn/policy.ts";
import { policyDivergence, policyLoss, valueLoss } from "./ppo.ts";
import { columnNames, type NetworkName } from "./column_names.ts";
import { actionNodes, type PolicyNetworks } from "./policy_networks.ts";
import type { PpoNetworks } from "./ppo_networks.ts";
import { sequenceMemory } from "./program_memory.ts";
import {
  type ColumnSpec,
  type LossResult,
  updateNames,
  updateProgram,
  type UpdateProgramOptions,
} from "./update_program.ts";

/** Scalars of the policy's program. */
export const ppoScalars = { epsilon: "epsilon", beta: "beta" } as const;

/** Statistics of the programs, one value per minibatch. */
export const ppoStatistics = {
  policyLoss: "policy_loss",
  valueLoss: "value_loss",
} as const;

/** How an update may differ from the reference's; the keys of the settings. */
export interface PpoVariant {
  readonly clip_value_loss: boolean;
  readonly joint_ratio: boolean;
  readonly max_gradient_norm: number | null;
  readonly target_kl: number | null;
}

/** The reference's own. */
export const referenceVariant: PpoVariant = {
  clip_value_loss: false,
  joint_ratio: false,
  max_gradient_norm: null,
  target_kl: null,
};

/** All epochs and minibatches of `batchSize` rows for the actor's weights. */
export function policyUpdateProgram(
  networks: PolicyNetworks,
  batchSize: number,
  variant = referenceVariant,
): Program {
  return updateProgram({
    name: "policy_update",
    parameters: networks.parametersOf("actor"),
    ...experienceOf(networks, policyColumns(networks)),
    scalars: Object.values(ppoScalars),
    batchSize,
    ...sequencesOf(networks, "actor"),
    maxGradientNorm: variant.max_gradient_norm,
    canStop: variant.target_kl !== null,
    loss: (scope, minibatch, scalars) =>
      policyPart(
        variant,
        networks.policy(
          scope,
          networks.observationsOf(minibatch),
          minibatch[columnNames.mask],
          memoriesOf(networks, minibatch).actor?.remember,
        ),
        minibatch,
        scalars,
      ),
  });
}

/** All epochs and minibatches of `batchSize` rows for the critic's weights. */
export function valueUpdateProgram(
  networks: PpoNetworks,
  batchSize: number,
  variant = referenceVariant,
): Program {
  return updateProgram({
    name: "value_update",
    parameters: networks.parametersOf("critic"),
    ...experienceOf(networks, valueColumns(networks, variant)),
    scalars: variant.clip_value_loss ? [ppoScalars.epsilon] : [],
    batchSize,
    ...sequencesOf(networks, "critic"),
    maxGradientNorm: variant.max_gradient_norm,
    loss: (scope, minibatch, scalars) =>
      valuePart(
        variant,
        networks.values(
          scope,
          networks.observationsOf(minibatch),
          memoriesOf(networks, minibatch).critic?.remember,
        ),
        minibatch,
        scalars,
      ),
  });
}

/** The same for the weights of an actor and a critic that share their body. */
export function sharedUpdateProgram(
  networks: PpoNetworks,
  batchSize: number,
  variant = referenceVariant,
): Program {
  return updateProgram({
    name: "shared_update",
    parameters: networks.parameters,
    ...experienceOf(networks, {
      ...policyColumns(networks),
      ...valueColumns(networks, variant),
    }),
    scalars: Object.values(ppoScalars),
    batchSize,
    ...sequencesOf(networks, "actor"),
    maxGradientNorm: variant.max_gradient_norm,
    canStop: variant.target_kl !== null,
    loss: (scope, minibatch, scalars) => {
      const { policy, values } = networks.policyAndValues(
        scope,
        networks.observationsOf(minibatch),
        minibatch[columnNames.mask],
        memoriesOf(networks, minibatch),
      );
      const first = policyPart(variant, policy, minibatch, scalars);
      const second = valuePart(variant, values, minibatch, scalars);
      return {
        ...first,
        loss: add(first.loss, second.loss),
        statistics: { ...first.statistics, ...second.statistics },
      };
    },
  });
}

function policyPart(
  { joint_ratio, target_kl }: PpoVariant,
  policy: PolicyOutput,
  minibatch: Nodes,
  scalars: Nodes,
): LossResult {
  const share = minibatch[updateNames.share];
  const { loss, policy: part, logRatio } = policyLoss({
    policy,
    actions: actionNodes(minibatch),
    oldLogProbabilities: minibatch[columnNames.oldLogProbabilities],
    advantages: minibatch[columnNames.advantages],
    epsilon: scalars[ppoScalars.epsilon],
    beta: scalars[ppoScalars.beta],
    share,
    isJoint: joint_ratio,
  });
  return {
    loss,
    statistics: { [ppoStatistics.policyLoss]: part },
    stop: target_kl === null
      ? undefined
      : less(target_kl, policyDivergence(logRatio, share)),
  };
}

function valuePart(
  { clip_value_loss }: PpoVariant,
  values: Node,
  minibatch: Nodes,
  scalars: Nodes,
): LossResult {
  const { loss, value } = valueLoss(
    values,
    minibatch[columnNames.returns],
    minibatch[updateNames.share],
    clip_value_loss
      ? {
        oldValues: minibatch[columnNames.oldValues],
        epsilon: scalars[ppoScalars.epsilon],
      }
      : undefined,
  );
  return { loss, statistics: { [ppoStatistics.valueLoss]: value } };
}

function policyColumns(networks: PolicyNetworks): Record<string, ColumnSpec> {
  const { continuousSize, discreteBranches } = networks.actions;
  return {
    ...networks.actionColumns(),
    [columnNames.oldLogProbabilities]: {
      shape: [continuousSize + discreteBranches.length],
      dtype: "float32",
    },
    [columnNames.advantages]: { shape: [], dtype: "float32" },
  };
}

function valueColumns(
  networks: PpoNetworks,
  { clip_value_loss }: PpoVariant,
): Record<string, ColumnSpec> {
  const each: ColumnSpec = {
    shape: [networks.settings.signals],
    dtype: "float32",
  };
  return {
    [columnNames.returns]: each,
    ...(clip_value_loss && { [columnNames.oldValues]: each }),
  };
}

/** Observations, normalised once for all minibatches, beside other `columns`. */
export function experienceOf(
  networks: PolicyNetworks,
  columns: Readonly<Record<string, ColumnSpec>>,
): Pick<UpdateProgramOptions, "columns" | "extra" | "prepare"> {
  return {
    columns: { ...networks.observationColumns(), ...columns },
    extra: networks.normalizerInputs(),
    prepare: (columns, extra) => networks.normalizeColumns(columns, extra),
  };
}

/** What recurrent networks learn from: sequences and the memories before. */
export function sequencesOf(
  { recurrent, memorySize, sequenceLength }: PolicyNetworks,
  ...names: readonly NetworkName[]
) {
  const remembering = names.filter((name) => recurrent.includes(name));
  if (remembering.length === 0) return {};
  const memory: ColumnSpec = { shape: [memorySize], dtype: "float32" };
  return {
    sequences: {
      length: sequenceLength,
      columns: Object.fromEntries(
        remembering.map((name) => [columnNames.memory(name), memory]),
      ),
    },
  };
}

/** The memories that a minibatch of sequences begins with. */
export const memoriesOf = (networks: PolicyNetworks, minibatch: Nodes) =>
  networks.memories(
    minibatch,
    (before) => sequenceMemory(before, networks.sequenceLength),
  );
