import { randomActions, zeroActions } from "../../lib/env/actions.ts";
import type { Environment } from "../../lib/env/env.ts";
import { branchTotal, observationSize } from "../../lib/spec.ts";
import { RandomGenerator } from "../../lib/util/random.ts";

/** Steps an environment with seeded random actions. */
export class EnvironmentDriver {
  readonly random = new RandomGenerator(7, "actions");

  constructor(private readonly environment: Environment) {}

  async reset(): Promise<void> {
    await this.environment.reset();
  }

  /** One step with an allowed action for every agent that decides. */
  async step(actions: "random" | "zero" = "random"): Promise<void> {
    for (const [behavior, spec] of this.environment.behaviorSpecs) {
      const { decision } = this.environment.getSteps(behavior);
      const chosen = actions === "random"
        ? randomActions(spec.actionSpec, decision, this.random)
        : zeroActions(spec.actionSpec, decision.count);
      this.environment.setActions(behavior, chosen);
    }
    await this.environment.step();
  }

  /** Copies of all records of the latest step, by behavior. */
  records() {
    const { behaviorSpecs } = this.environment;
    return [...behaviorSpecs].map(([behavior, spec]) => {
      const { decision, terminal } = this.environment.getSteps(behavior);
      const width = branchTotal(spec.actionSpec);
      const copies = [decision, terminal].map((columns) => ({
        agentIds: columns.agentIds.slice(0, columns.count),
        observations: columns.observations.map((values, sensor) =>
          values.slice(
            0,
            columns.count * observationSize(spec.observationSpecs[sensor]),
          )
        ),
        rewards: columns.rewards.slice(0, columns.count),
        groupIds: columns.groupIds.slice(0, columns.count),
        groupRewards: columns.groupRewards.slice(0, columns.count),
      }));
      return {
        behavior,
        copies,
        actionMask: decision.actionMask?.slice(0, decision.count * width),
        interrupted: terminal.interrupted.slice(0, terminal.count),
      };
    });
  }
}
