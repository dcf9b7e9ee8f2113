/**
 * Seeds of the learning tests: one to see quickly that nothing is broken, five
 * with `LEARNING=full`, which is what the figures are claimed for.
 *
 * Some trainings end in a local optimum, as they do with the reference trainer:
 * PPO-2 with continuous actions 7 in a hundred (4 of 60 there), HYB-1 with two
 * actions of each kind 8 of 20 (2 of 5 there), HYB-4 with a continuous and two
 * discrete actions 1 of 5 (none of 3 there), HYB-5 with a camera 2 of 10 (1 of 5
 * there), HYB-6 4 of 12 (2 of 11 there); or still try out much at the end: HYB-2
 * with a camera and PPO-4 with a vector and a list, continuous, 1 of 5 each (2 of
 * 5 and 1 of 5 there).
 */
export const isFull = Deno.env.get("LEARNING") === "full";
export const seeds: readonly number[] = isFull ? [1, 2, 3, 4, 5] : [1];
