/** POCA's networks of one behavior: PPO's actor and a critic of groups. */
import { concat, input, reshape, slice, split } from "../tensor/build.ts";
import { multiplyDims, type Node, staticDim } from "../tensor/operation.ts";
import { actionCode, type TakenActions } from "../nn/action_code.ts";
import type { Recurrence } from "../nn/lstm.ts";
import {
  checkMultiAgentBody,
  groupFullness,
  memberDecision,
  memberState,
  multiAgentBody,
} from "../nn/multi_agent_body.ts";
import { encodeObservations } from "../nn/observation_encoder.ts";
import {
  collectParameters,
  type ParameterScope,
  type ParameterSpec,
} from "../nn/parameters.ts";
import { valueHeads } from "../nn/policy.ts";
import type { NetworkName } from "./column_names.ts";
import {
  type NetworkMemories,
  PolicyNetworks,
  type PolicyNetworkSettings,
} from "./policy_networks.ts";
import { stepMemory } from "./program_memory.ts";

/** What decides the shape of POCA's programs. */
export interface PocaNetworkSettings extends PolicyNetworkSettings {
  /** Number of reward signals: one value head each. */
  readonly signals: number;
}

/** Groups as the critic sees them: an agent each, and its mates behind it. */
export interface GroupNodes {
  /** Everybody by state, the agent first: `[batch, 1 + mates, hidden_units]`. */
  readonly states: Node;
  /** The mates with their actions `[batch, mates, hidden_units]`, if any. */
  readonly decisions?: Node | undefined;
  /** 1 where there is nobody, `[batch, 1 + mates]`. */
  readonly absent: Node;
}

/** What the critic says of groups, `[batch, signals]` each. */
export interface Judgement {
  /** Of the state of all members. */
  readonly values: Node;
  /** Of the agent's state and what its mates do: whatever the agent does. */
  readonly baselines: Node;
}

/**
 * Networks of one behavior as functions of weights and observations. With
 * memory the critic has two: "critic" of what it valued, and "baseline".
 */
export class PocaNetworks extends PolicyNetworks<PocaNetworkSettings> {
  readonly parameters: readonly ParameterSpec[];
  readonly recurrent: readonly NetworkName[];

  /** Throws UserError when the networks cannot be made. */
  constructor(settings: PocaNetworkSettings) {
    super(settings);
    checkMultiAgentBody(settings);
    this.recurrent = settings.memory ? ["actor", "critic", "baseline"] : [];
    this.parameters = collectParameters((scope) => this.#all(scope));
  }

  /**
   * Codes of members' observations, `[rows, e]`, by the same encoder for all.
   * Of observations that went through {@link normalize}.
   */
  memberCodes(scope: ParameterScope, observations: readonly Node[]): Node {
    const encoder = scope.at("critic").at("encoder");
    return encodeObservations(encoder, observations, this.network).code;
  }

  /** Members by their codes: `[rows, e]` -> `[rows, hidden_units]`. */
  states(scope: ParameterScope, codes: Node): Node {
    return memberState(scope.at("critic"), codes, this.#size);
  }

  /** Members by their codes and actions: `[rows, hidden_units]`. */
  decisions(scope: ParameterScope, codes: Node, actions: TakenActions): Node {
    const taken = actionCode(actions, this.actions.discreteBranches);
    return memberDecision(scope.at("critic"), codes, taken, this.#size);
  }

  /** The counterfactual baseline beside the value (reference 1.9). */
  judge(
    scope: ParameterScope,
    { states, decisions, absent }: GroupNodes,
    memories: NetworkMemories,
  ): Judgement {
    const own = scope.at("critic");
    const [batch, places, size] = states.shape;
    const fullness = groupFullness(absent);
    const read = (code: Node, remember?: Recurrence) => {
      const remembered = remember ? remember(own.at("lstm"), code) : code;
      const all = concat([remembered, fullness], 1);
      return valueHeads(own, all, this.settings.signals);
    };
    const body = (members: Node, absent: Node) =>
      multiAgentBody(own, members, absent, this.network);
    const judged = (value: Node, baseline: Node) => ({
      values: read(value, memories.critic?.remember),
      baselines: read(baseline, memories.baseline?.remember),
    });
    if (!decisions) {
      const code = body(states, absent);
      return judged(code, code);
    }
    // Both go through the same layers, one below the other.
    const both = multiplyDims([2, batch]);
    const members = concat([states, slice(states, 1, 0, 1), decisions], 1);
    const codes = body(
      reshape(members, [both, places, size]),
      reshape(concat([absent, absent], 1), [both, places]),
    );
    const width = staticDim(size);
    const [value, baseline] = split(
      reshape(codes, [batch, 2 * width]),
      1,
      [width, width],
    );
    return judged(value, baseline);
  }

  get #size(): number {
    return this.settings.hidden_units;
  }

  /** Every network once, for an agent with one mate. */
  #all(scope: ParameterScope): void {
    const observations = this.observationInputs(1);
    const memories = this.memories(this.memoryInputs(1), stepMemory);
    this.policy(scope, observations, undefined, memories.actor?.remember);
    const codes = this.memberCodes(scope, observations);
    const state = reshape(this.states(scope, codes), [1, 1, this.#size]);
    const actions = Object.fromEntries(
      Object.entries(this.actionColumns()).map(([name, { shape, dtype }]) => [
        name,
        input(name, [1, ...shape], dtype),
      ]),
    );
    const decision = this.decisions(scope, codes, actions);
    this.judge(scope, {
      states: concat([state, state], 1),
      decisions: reshape(decision, [1, 1, this.#size]),
      absent: input("absent", [1, 2]),
    }, memories);
  }
}
