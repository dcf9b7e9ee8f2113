/** How many threads a program's operators should use. */

/** Multiply-adds of one matrix product from which a second thread pays off. */
const worthwhile = 16e6;

/** More threads than this gain nothing at the sizes of agents' networks. */
const most = 8;

export interface ThreadNeeds {
  /** Rows that the networks are fed at once. */
  readonly rows: number;
  readonly hiddenUnits: number;
  /** Programs that run at the same time and share the cores. */
  readonly sideBySide: number;
  readonly cores?: number;
}

/**
 * Threads for one program: 1 while its largest product is small, because
 * waking threads costs more than it saves, and never more than its share of
 * the cores. Measured on two cores: for one program alone a second thread costs
 * 17 % at 64 rows of 128 units, saves 14 % at 1024 rows and 38 % at 1024 rows of
 * 512 units; for two update programs side by side it costs 10 % at every size.
 * The results are the same bit for bit.
 */
export function chooseThreads(
  {
    rows,
    hiddenUnits,
    sideBySide,
    cores = navigator.hardwareConcurrency,
  }: ThreadNeeds,
): number {
  if (rows * hiddenUnits * hiddenUnits < worthwhile) return 1;
  return Math.max(1, Math.min(Math.floor(cores / sideBySide), most));
}
