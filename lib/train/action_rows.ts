import type { ActionColumns } from "../env/env.ts";
import type { ActionSpec } from "../spec.ts";

/** The rows `begin` up to `end` of actions; a view, not a copy. */
export function actionRows(
  { continuousSize, discreteBranches }: ActionSpec,
  { continuous, discrete }: ActionColumns,
  begin: number,
  end: number,
): ActionColumns {
  const branches = discreteBranches.length;
  return {
    continuous: continuous.subarray(
      begin * continuousSize,
      end * continuousSize,
    ),
    discrete: discrete.subarray(begin * branches, end * branches),
  };
}
