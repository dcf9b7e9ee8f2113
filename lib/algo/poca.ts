/**
 * Posthumous credit assignment (Cohen et al., On the Use and Misuse of
 * Absorbing States in Multi-agent Reinforcement Learning, 2021) with the
 * details of reference section 5: PPO's policy loss, and of the critic
 * 0.5 (L_V + 0.5 L_B).
 */
import { add, multiply } from "../tensor/build.ts";
import type { Node } from "../tensor/operation.ts";
import type { Judgement } from "./poca_networks.ts";
import { valueLoss } from "./ppo.ts";

/** What the critic's part of the loss depends on; `[batch, signals]` each. */
export interface JudgementBatch extends Judgement {
  /** Targets of values and baselines alike. */
  readonly returns: Node;
  /** Baselines before the update. */
  readonly oldBaselines: Node;
  /** How far baselines may move. */
  readonly epsilon: Node;
  /** The rows' shares in a mean over rows, `[batch]`. */
  readonly share?: Node | undefined;
}

/** 0.5 L_V + 0.25 L_B, of which only the baseline's loss is clipped. */
export function judgementLoss(
  { values, baselines, returns, oldBaselines, epsilon, share }: JudgementBatch,
): { loss: Node; value: Node; baseline: Node } {
  const ofValues = valueLoss(values, returns, share);
  const ofBaselines = valueLoss(baselines, returns, share, {
    oldValues: oldBaselines,
    epsilon,
  });
  return {
    loss: add(ofValues.loss, multiply(ofBaselines.loss, 0.5)),
    value: ofValues.value,
    baseline: ofBaselines.value,
  };
}
