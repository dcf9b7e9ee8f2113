/** Experience of groups: which rows of a rollout belong together. */

/**
 * Mates as numbers of rows, so that no observation or action is stored twice. A
 * decision's mates are the decisions that other members of its group made at
 * the same moment. The mates of a row that is only a state to be valued are
 * the members' states of that moment; actions do not count there.
 */
export interface GroupColumns {
  /** Rows of each row's mates, `[rows, widest]`; -1 where there are fewer. */
  readonly mates: Int32Array;
  /** Mates of the row that has most; 0 where nobody has any. */
  readonly widest: number;
}
