/**
 * What a critic makes of a group of agents (reference 1.9; Cohen et al., On the
 * Use and Misuse of Absorbing States in Multi-agent Reinforcement Learning,
 * 2021). Groups are of every size, in every order, with members absent.
 */
import { UserError } from "../errors.ts";
import {
  broadcast,
  concat,
  constant,
  multiply,
  subtract,
  sum,
} from "../tensor/build.ts";
import { type Node, staticDim } from "../tensor/operation.ts";
import { heNormal } from "./initializers.ts";
import { type BodySettings, denseBody, swishLayer } from "./layers.ts";
import type { ParameterScope } from "./parameters.ts";
import {
  type AttentionBatch,
  attentionHeads,
  attentionWeights,
  residualSelfAttention,
} from "./self_attention.ts";

/**
 * Throws UserError when the group's attention cannot divide the codes of
 * `hidden_units` among its heads (F-3).
 */
export function checkMultiAgentBody({ hidden_units }: BodySettings): void {
  if (hidden_units % attentionHeads === 0) return;
  const below = hidden_units - hidden_units % attentionHeads;
  const above = below + attentionHeads;
  throw new UserError({
    what: "POCA's critic cannot divide its hidden units among " +
      `${attentionHeads} attention heads`,
    path: "network_settings.hidden_units",
    found: `${hidden_units}`,
    allowed: `a multiple of ${attentionHeads}`,
    cure: `Write ${below > 0 ? `${below} or ${above}` : above}.`,
  });
}

/** A member of whom only the state is known: `[rows, e]` -> `[rows, size]`. */
export function memberState(
  scope: ParameterScope,
  code: Node,
  size: number,
): Node {
  return swishLayer(scope.at("state"), code, size, attentionWeights(size));
}

/**
 * A member who is known to have acted, from the codes of its observations
 * `[rows, e]` and actions `[rows, a]`: `[rows, size]`.
 */
export function memberDecision(
  scope: ParameterScope,
  code: Node,
  action: Node,
  size: number,
): Node {
  const both = concat([code, action], 1);
  return swishLayer(scope.at("decision"), both, size, attentionWeights(size));
}

/**
 * Members with codes `[batch, n, hidden_units]` attend to each other, then dense
 * layers read their mean: one row for every group, or for each set of it, batch
 * after batch, `[rows, hidden_units]`. The code of an absent member must be
 * finite but counts nothing.
 */
export function multiAgentBody(
  scope: ParameterScope,
  groups: readonly AttentionBatch[],
  settings: BodySettings,
): Node {
  const code = residualSelfAttention(scope.at("attention"), groups);
  // Deviation root(0.125) / hidden_units.
  const gain = Math.sqrt(0.125 / settings.hidden_units);
  return denseBody(scope.at("body"), code, settings, heNormal(gain));
}

/**
 * How full groups of at most `places` members are: 2 members / places - 1, -1 to
 * 1, `[batch, 1]`, from their codes `[batch, n, size]` and absences. The scale is
 * that of the largest group, whoever is absent in a batch (F-4).
 */
export function groupFullness(
  { codes: { shape: [batch, n] }, absent }: AttentionBatch,
  places: number,
): Node {
  const most = constant(2 * staticDim(n) / places - 1);
  return absent
    ? subtract(most, multiply(sum(absent, [1], true), 2 / places))
    : broadcast(most, [batch, 1]);
}
