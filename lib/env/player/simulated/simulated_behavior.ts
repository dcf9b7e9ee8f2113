/** A simulator's behavior on the player's side of the wire. */
import {
  type ActionSpec,
  type BehaviorSpec,
  branchTotal,
  observationSize,
} from "../../../spec.ts";
import type {
  BehaviorSteps,
  DecisionSteps,
  Environment,
  TerminalSteps,
} from "../../env.ts";
import { readAgentActions } from "../../unity/messages/agent_actions.ts";
import { AgentInfoWriter } from "../../unity/messages/agent_info_writer.ts";
import type { NamedPart } from "../../unity/messages/envelope.ts";
import type { Reader } from "../../unity/messages/message_reader.ts";
import type { MessageWriter } from "../../unity/messages/message_writer.ts";
import { checkMaskedAction } from "../check_masked_action.ts";
import type { Dialect } from "../dialect.ts";
import { enlargedSpec } from "../enlarged_spec.ts";
import type { InfoFault, WorldBehavior } from "../player_world.ts";

/** Gives out the ids of agents; for a simulator all behaviors share one. */
export interface AgentIds {
  current(agent: number): number;
  /** Takes notice of an end. */
  end(agent: number): void;
}

/** Sends what a behavior's agents see and sets what they are told to do. */
export class SimulatedBehavior implements WorldBehavior {
  readonly #spec: BehaviorSpec;
  readonly #environment: Environment;
  readonly #dialect: Dialect;
  readonly #ids: AgentIds;
  readonly #infos: AgentInfoWriter;
  #fault: InfoFault | null = null;
  #continuous = new Float32Array();
  #discrete = new Int32Array();

  /** Throws a UserError for actions that package or trainer do not know. */
  constructor(
    readonly name: string,
    environment: Environment,
    spec: BehaviorSpec,
    dialect: Dialect,
    ids: AgentIds,
  ) {
    dialect.checkActions(name, spec.actionSpec);
    this.#spec = spec;
    this.#environment = environment;
    this.#dialect = dialect;
    this.#ids = ids;
    this.#infos = new AgentInfoWriter(spec, dialect.style);
  }

  get actionSpec(): ActionSpec {
    return this.#spec.actionSpec;
  }

  get infoCount(): number {
    const { decision, terminal } = this.#environment.getSteps(this.name);
    return decision.count + terminal.count;
  }

  /** The infos of the next message will have this fault. */
  spoil(fault: InfoFault): void {
    this.#fault = fault;
  }

  /** Ends come first, then decisions. */
  writeInfos(writer: MessageWriter): void {
    const steps = this.#environment.getSteps(this.name);
    const { decision, terminal } = this.#fault
      ? spoilt(this.#spec, steps, this.#fault)
      : steps;
    const infos = this.#fault === "shape"
      ? new AgentInfoWriter(enlarged(this.#spec), this.#dialect.style)
      : this.#infos;
    this.#fault = null;
    for (let row = 0; row < terminal.count; row++) {
      const agent = terminal.agentIds[row];
      infos.writeTerminal(writer, terminal, row, this.#ids.current(agent));
      this.#ids.end(agent);
    }
    for (let row = 0; row < decision.count; row++) {
      const id = this.#ids.current(decision.agentIds[row]);
      infos.writeDecision(writer, decision, row, id);
    }
  }

  readActions(reader: Reader, part: NamedPart): void {
    const { decision } = this.#environment.getSteps(this.name);
    const { actionSpec } = this;
    const continuous = decision.count * actionSpec.continuousSize;
    const discrete = decision.count * actionSpec.discreteBranches.length;
    if (this.#continuous.length !== continuous) {
      this.#continuous = new Float32Array(continuous);
    }
    if (this.#discrete.length !== discrete) {
      this.#discrete = new Int32Array(discrete);
    }
    const actions = { continuous: this.#continuous, discrete: this.#discrete };
    const fields = this.#dialect.actionFields;
    readAgentActions(
      reader,
      part,
      actionSpec,
      decision.count,
      actions,
      fields,
    );
    this.#environment.setActions(this.name, actions);
    this.#checkMask(decision);
  }

  #checkMask({ actionMask, agentIds, count }: DecisionSteps): void {
    if (!actionMask) return;
    const branches = this.actionSpec.discreteBranches.length;
    const choices = branchTotal(this.actionSpec);
    for (let row = 0; row < count; row++) {
      checkMaskedAction(
        this.name,
        this.#ids.current(agentIds[row]),
        this.actionSpec,
        this.#discrete.subarray(row * branches, (row + 1) * branches),
        (choice) => !actionMask[row * choices + choice],
      );
    }
  }
}

function enlarged(spec: BehaviorSpec): BehaviorSpec {
  const [first, ...rest] = spec.observationSpecs;
  return { ...spec, observationSpecs: [enlargedSpec(first), ...rest] };
}

/** Steps whose first info has a fault; a sensor that has grown sees zeros. */
function spoilt(
  spec: BehaviorSpec,
  { decision, terminal }: BehaviorSteps,
  fault: InfoFault,
): BehaviorSteps {
  const [sensor] = spec.observationSpecs;
  const size = observationSize(enlargedSpec(sensor));
  const spoil = (columns: DecisionSteps | TerminalSteps, isFirst: boolean) => {
    const rewards = columns.rewards.slice();
    const [values, ...rest] = columns.observations;
    const first = fault === "shape"
      ? new Float32Array(columns.count * size)
      : values.slice();
    if (fault === "nan-reward" && isFirst) rewards[0] = NaN;
    if (fault === "nan-observation" && isFirst) first[0] = NaN;
    return { rewards, observations: [first, ...rest] };
  };
  const endsComeFirst = terminal.count > 0;
  return {
    terminal: { ...terminal, ...spoil(terminal, endsComeFirst) },
    decision: { ...decision, ...spoil(decision, !endsComeFirst) },
  };
}
