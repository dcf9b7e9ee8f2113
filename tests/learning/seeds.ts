/**
 * Seeds of the learning tests: one to see quickly that nothing is broken, five
 * with `LEARNING=full`, which is what the figures are claimed for.
 *
 * About 7 seeds in a hundred end in a local optimum of PPO-2 with continuous
 * actions, as they do with the reference trainer (4 of 60).
 */
export const isFull = Deno.env.get("LEARNING") === "full";
export const seeds: readonly number[] = isFull ? [1, 2, 3, 4, 5] : [1];
