/**
 * Seeds of the learning tests: one to see quickly that nothing is broken, five
 * with `LEARNING=full`, which is what the figures are claimed for.
 */
export const isFull = Deno.env.get("LEARNING") === "full";
export const seeds: readonly number[] = isFull ? [1, 2, 3, 4, 5] : [1];
