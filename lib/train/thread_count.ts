/** How many threads a program's operators should use. */

/** Multiply-adds of one matrix product from which a second thread pays off. */
const worthwhile = 64e6;

/**
 * Threads for networks of `hiddenUnits` fed `rows` rows at once: 1 while the
 * largest product is small, because waking threads costs more than it saves.
 */
export function chooseThreads(
  rows: number,
  hiddenUnits: number,
  cores = navigator.hardwareConcurrency,
): number {
  const work = rows * hiddenUnits * hiddenUnits;
  return work < worthwhile ? 1 : Math.max(1, Math.min(cores, 8));
}
