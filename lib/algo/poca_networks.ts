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
import { groupViews, repeatRows } from "./group_members.ts";
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

/** Groups as the critic sees them. */
export interface GroupNodes {
  /** Members by state: `[batch, members, hidden_units]`. */
  readonly states: Node;
  /**
   * Members with their actions, `[batch, n, hidden_units]`: all of them, or all
   * but the first. None where every group is an agent alone.
   */
  readonly decisions?: Node | undefined;
  /** 1 where there is nobody, `[batch, members]`. */
  readonly absent: Node;
}

/** What the critic says of groups. */
export interface Judgement {
  /** Of the state of all members, `[batch, signals]`. */
  readonly values: Node;
  /**
   * Of an agent's state and what its mates do: whatever the agent does. That of
   * every member `[batch * members, signals]` where all decisions are known,
   * otherwise that of the first `[batch, signals]`.
   */
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
    const fullness = groupFullness(absent);
    const read = (code: Node, fullness: Node, remember?: Recurrence) => {
      const remembered = remember ? remember(own.at("lstm"), code) : code;
      const all = concat([remembered, fullness], 1);
      return valueHeads(own, all, this.settings.signals);
    };
    if (!decisions) {
      const code = multiAgentBody(own, states, absent, this.network);
      return {
        values: read(code, fullness, memories.critic?.remember),
        baselines: read(code, fullness, memories.baseline?.remember),
      };
    }
    const [members, acting] = [states, decisions].map(({ shape }) =>
      staticDim(shape[1])
    );
    const views = groupViews(members, acting);
    // All through the same layers, below each other.
    const codes = multiAgentBody(
      own,
      concat([states, decisions], 1),
      concat([absent, slice(absent, 1, members - acting, members)], 1),
      this.network,
      views,
    );
    const [batch] = states.shape;
    const width = this.#size;
    const judged = views.length - 1;
    const [value, others] = split(
      reshape(codes, [batch, views.length * width]),
      1,
      [width, judged * width],
    );
    return {
      values: read(value, fullness, memories.critic?.remember),
      baselines: read(
        reshape(others, [multiplyDims([batch, judged]), width]),
        repeatRows(fullness, judged),
        memories.baseline?.remember,
      ),
    };
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
