import { UserError } from "../errors.ts";
import type { NamedArrays } from "../util/arrays.ts";

/** Throws UserError when what an update ended in is not finite. */
export function requireFinite(outputs: NamedArrays): void {
  for (const { data } of Object.values(outputs)) {
    for (const value of data) {
      if (Number.isFinite(Number(value))) continue;
      throw new UserError({
        what: "training diverged: an update did not end in finite numbers",
        cure: "The weights before it are kept. Use a smaller learning_rate, " +
          "or check the rewards and observations for huge values.",
      });
    }
  }
}
