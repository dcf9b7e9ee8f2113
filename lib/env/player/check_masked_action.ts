import { UserError } from "../../errors.ts";
import type { ActionSpec } from "../../spec.ts";

/**
 * Throws a UserError if an agent is told an action that it had forbidden:
 * `isForbidden` is asked with the action's place among those of all branches.
 */
export function checkMaskedAction(
  behavior: string,
  agentId: number,
  { discreteBranches }: ActionSpec,
  actions: Int32Array,
  isForbidden: (choice: number) => boolean,
): void {
  let first = 0;
  discreteBranches.forEach((size, branch) => {
    if (isForbidden(first + actions[branch])) {
      throw new UserError({
        what: `The trainer chose a masked action for agent ${agentId}`,
        path: behavior,
        found: `action ${actions[branch]} of branch ${branch}`,
      });
    }
    first += size;
  });
}
