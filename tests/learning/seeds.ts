/**
 * Seeds of the learning tests: one to see quickly that nothing is broken, five
 * with `LEARNING=full`, which is what the figures are claimed for.
 *
 * A few seeds in a hundred end in a local optimum of PPO-2 with continuous
 * actions and of Basic with Unity's horizon of 3 steps; the reference trainer's
 * do so, too, in 4 of 60 and in 2 of 32 runs.
 */
export const isFull = Deno.env.get("LEARNING") === "full";
export const seeds: readonly number[] = isFull ? [1, 2, 3, 4, 5] : [3];
