/** Returns and advantages of finished trajectory pieces. */

/** One piece of one agent's experience. */
export interface ReturnInput {
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
 * Lambda returns (Sutton 1988; reference section 5), written into `returns`:
 * G_t = r_t + gamma (lambda G_{t+1} + (1 - lambda) V_{t+1}). G_t - V_t are the
 * advantages of generalised advantage estimation (Schulman et al. 2016, eq. 16).
 */
export function lambdaReturns(
  { rewards, values, bootstrap, gamma, lambda }: ReturnInput,
  returns: Float64Array,
): void {
  let nextReturn = bootstrap;
  let nextValue = bootstrap;
  for (let t = rewards.length - 1; t >= 0; t--) {
    const next = lambda * nextReturn + (1 - lambda) * nextValue;
    nextReturn = rewards[t] + gamma * next;
    returns[t] = nextReturn;
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
