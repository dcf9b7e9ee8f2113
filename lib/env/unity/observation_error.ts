import type { Problem } from "../../errors.ts";

/**
 * An observation that cannot be used; whoever knows the agent and the sensor
 * makes a UserError of it.
 */
export class ObservationError extends Error {
  constructor(
    readonly problem: Pick<Problem, "what" | "found" | "allowed" | "cure">,
  ) {
    super(problem.what);
    this.name = "ObservationError";
  }
}
