import { type Problem, UserError } from "../errors.ts";

/**
 * How an environment was lost: it `ended` by itself (crash or exit), stayed
 * `silent` for too long, was `disconnected`, or `closed` because somebody
 * wanted it to.
 */
export type LossReason = "ended" | "silent" | "disconnected" | "closed";

/** An environment that cannot go on; a new one of its kind may. */
export class EnvironmentLost extends UserError {
  constructor(
    readonly reason: LossReason,
    problem: Problem,
    options?: ErrorOptions,
  ) {
    super(problem, options);
  }
}
