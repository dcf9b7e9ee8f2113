import { type BehaviorSpec, parseBehaviorName } from "../../spec.ts";
import { maskOfRow } from "../agent_rows.ts";
import type { AgentAction, AgentColumns, DecisionSteps } from "../env.ts";
import {
  actionSpaceOf,
  type SpaceAction,
  toAgentAction,
} from "./action_space.ts";
import type { AgentInfo } from "./agent_info.ts";
import type { ObservationReader, ObservationView } from "./observation_view.ts";
import type { Space } from "./spaces.ts";

/** A behavior's spaces, and its agents' records as wrappers give them. */
export class WrappedBehavior<Observation> {
  readonly observationSpace: Space<Observation>;
  readonly actionSpace: Space<SpaceAction>;
  readonly #reader: ObservationReader<Observation>;

  /** Throws a UserError if the behavior's sensors do not fit the view. */
  constructor(
    readonly name: string,
    private readonly spec: BehaviorSpec,
    view: ObservationView<Observation>,
  ) {
    this.#reader = view(name, spec);
    this.observationSpace = this.#reader.space;
    this.actionSpace = actionSpaceOf(spec.actionSpec);
  }

  observation(columns: AgentColumns, row: number): Observation {
    return this.#reader.read(columns, row);
  }

  /** What a record tells; `decision` null = the agent does not decide. */
  info(
    columns: AgentColumns,
    row: number,
    decision: DecisionSteps | null,
  ): AgentInfo {
    const mask = decision && maskOfRow(decision, this.spec, row);
    return {
      behavior: this.name,
      team: parseBehaviorName(this.name).team,
      agentId: columns.agentIds[row],
      groupId: columns.groupIds[row],
      groupReward: columns.groupRewards[row],
      actionMask: mask?.slice() ?? null,
      awaitsAction: decision !== null,
    };
  }

  /** Throws a UserError for an action of another structure. */
  toAgentAction(action: SpaceAction): AgentAction {
    return toAgentAction(this.name, this.spec.actionSpec, action);
  }
}
