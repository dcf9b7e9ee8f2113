/** A simulator's behavior on the player's side of the wire. */
import { UserError } from "../../errors.ts";
import type { BehaviorSpec } from "../../spec.ts";
import type { DecisionSteps, Environment } from "../env.ts";
import { readAgentActions } from "../unity/messages/agent_actions.ts";
import { AgentInfoWriter } from "../unity/messages/agent_info_writer.ts";
import type { NamedPart } from "../unity/messages/envelope.ts";
import type { Reader } from "../unity/messages/message_reader.ts";
import type { MessageWriter } from "../unity/messages/message_writer.ts";
import { MapEntry, RlOutput } from "../unity/messages/tags.ts";

/** Sends what a behavior's agents see and sets what they are told to do. */
export class PlayerBehavior {
  /** True once the trainer has been told the behavior's actions. */
  isDescribed = false;
  readonly #encodedName: Uint8Array;
  readonly #infos: AgentInfoWriter;
  #continuous = new Float32Array();
  #discrete = new Int32Array();

  constructor(
    readonly name: string,
    readonly spec: BehaviorSpec,
    private readonly environment: Environment,
  ) {
    this.#encodedName = new TextEncoder().encode(name);
    this.#infos = new AgentInfoWriter(spec);
  }

  /** True if the trainer meets the behavior with the next message. */
  get isNew(): boolean {
    const { decision, terminal } = this.environment.getSteps(this.name);
    return !this.isDescribed && decision.count + terminal.count > 0;
  }

  /** Adds the behavior's list: ends first, then decisions. */
  writeInfos(writer: MessageWriter): void {
    const { decision, terminal } = this.environment.getSteps(this.name);
    const entry = writer.open(RlOutput.agentInfos);
    writer.bytes(MapEntry.key, this.#encodedName);
    const list = writer.open(MapEntry.value);
    for (let row = 0; row < terminal.count; row++) {
      this.#infos.writeTerminal(writer, terminal, row);
    }
    for (let row = 0; row < decision.count; row++) {
      this.#infos.writeDecision(writer, decision, row);
    }
    writer.close(list);
    writer.close(entry);
  }

  /**
   * Hands the trainer's actions to the simulator. Throws a UserError if they
   * are not complete, numbers, in range and allowed.
   */
  readActions(reader: Reader, part: NamedPart): void {
    const { decision } = this.environment.getSteps(this.name);
    const { actionSpec } = this.spec;
    const continuous = decision.count * actionSpec.continuousSize;
    const discrete = decision.count * actionSpec.discreteBranches.length;
    if (this.#continuous.length !== continuous) {
      this.#continuous = new Float32Array(continuous);
    }
    if (this.#discrete.length !== discrete) {
      this.#discrete = new Int32Array(discrete);
    }
    const actions = { continuous: this.#continuous, discrete: this.#discrete };
    readAgentActions(reader, part, actionSpec, decision.count, actions);
    this.environment.setActions(this.name, actions);
    this.#checkMask(decision);
  }

  #checkMask({ actionMask, agentIds, count }: DecisionSteps): void {
    if (!actionMask) return;
    const { discreteBranches } = this.spec.actionSpec;
    let choice = 0;
    for (let row = 0; row < count; row++) {
      for (let branch = 0; branch < discreteBranches.length; branch++) {
        const action = this.#discrete[row * discreteBranches.length + branch];
        if (!actionMask[choice + action]) {
          throw new UserError({
            what: `The trainer chose a masked action for agent ${
              agentIds[row]
            }`,
            path: this.name,
            found: `action ${action} of branch ${branch}`,
          });
        }
        choice += discreteBranches[branch];
      }
    }
  }
}
