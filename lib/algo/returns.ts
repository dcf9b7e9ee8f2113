/** Advantages and returns of finished trajectory pieces. */

/** One piece of one agent's experience. */
export interface AdvantageInput {
  /** Scaled rewards r_t, one per row of the piece. */
  readonly rewards: ArrayLike<number>;
  /** Value estimates V_t at the same rows. */
  readonly values: ArrayLike<number>;
  /** Value after the last row: 0 after a true end. */
  readonly bootstrap: number;
  readonly gamma: number;
  readonly lambda: number;
}

/**
 * Generalised advantage estimation (Schulman et al. 2016, eq. 16):
 * delta_t = r_t + gamma V_{t+1} - V_t; A_t = delta_t + gamma lambda A_{t+1}.
 * Writes A_t for each row into `advantages`.
 */
export function generalizedAdvantage(
  { rewards, values, bootstrap, gamma, lambda }: AdvantageInput,
  advantages: Float64Array,
): void {
  let nextValue = bootstrap;
  let advantage = 0;
  for (let t = rewards.length - 1; t >= 0; t--) {
    const delta = rewards[t] + gamma * nextValue - values[t];
    advantage = delta + gamma * lambda * advantage;
    advantages[t] = advantage;
    nextValue = values[t];
  }
}

/**
 * Shifts and scales in place to mean 0 and population deviation 1:
 * (A - mean) / (deviation + 1e-10).
 */
export function normalizeAdvantages(advantages: Float32Array): void {
  const count = advantages.length;
  if (count === 0) return;
  let total = 0;
  for (const value of advantages) total += value;
  const mean = total / count;
  let squares = 0;
  for (const value of advantages) squares += (value - mean) ** 2;
  const deviation = Math.sqrt(squares / count) + 1e-10;
  for (let i = 0; i < count; i++) {
    advantages[i] = (advantages[i] - mean) / deviation;
  }
}
