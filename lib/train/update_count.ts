/** How often an off-policy trainer updates. */
export interface UpdateRate {
  /** Steps before the first update. */
  readonly buffer_init_steps: number;
  /** Steps between two updates; below 1 there are several per step. */
  readonly steps_per_update: number;
}

/** Updates that are to have been made by a step (reference 4.3). */
export function updatesUntil(step: number, rate: UpdateRate): number {
  const steps = step - rate.buffer_init_steps;
  return Math.max(0, Math.ceil(steps / rate.steps_per_update) - 1);
}
