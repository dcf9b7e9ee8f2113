/** POCA's networks of one behavior: PPO's actor and a critic of groups. */
import { concat, input, reshape, slice, split } from "../tensor/build.ts";
import { multiplyDims } from "../tensor/dims.ts";
import { type Dim, type Node, staticDim } from "../tensor/operation.ts";
import { actionCode, type TakenActions } from "../nn/action_code.ts";
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
import type { AttentionBatch } from "../nn/self_attention.ts";
import type { NetworkName } from "./column_names.ts";
import { groupViews, repeatRows } from "./group_members.ts";
import {
  type NetworkMemories,
  PolicyNetworks,
  type PolicyNetworkSettings,
} from "./policy_networks.ts";
import { stepMemory } from "./program_memory.ts";
import { inputsFor } from "./update_program.ts";

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
  /** 1 where there is nobody, `[batch, members]`; none where all are there. */
  readonly absent?: Node | undefined;
  /** Members that the largest group can have. */
  readonly places: number;
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

  /**
   * The counterfactual baseline beside the value (reference 1.9), of each of some
   * batches of groups. With memory there can be only one.
   */
  judge(
    scope: ParameterScope,
    groups: readonly GroupNodes[],
    memories: NetworkMemories,
  ): Judgement[] {
    const own = scope.at("critic");
    const { signals } = this.settings;
    const read = (code: Node, fullness: Node) =>
      valueHeads(own, concat([code, fullness], 1), signals);
    const seen = groups.map(attentionOf);
    const code = multiAgentBody(own, seen, this.network);
    const fullness = groups.map(({ states, absent, places }) =>
      groupFullness({ codes: states, absent }, places)
    );
    const views = seen.map(({ sets }) => sets?.length ?? 1);
    const { critic, baseline } = memories;
    if (critic && baseline) {
      const lstm = own.at("lstm");
      const [value, other] = views[0] === 1
        ? [code, code]
        : splitViews(code, groups[0].states.shape[0], views[0]);
      return [{
        values: read(critic.remember(lstm, value), fullness[0]),
        baselines: read(baseline.remember(lstm, other), fullness[0]),
      }];
    }
    const each = fullness.map((own, i) => repeatRows(own, views[i]));
    const heads = read(code, concat(each, 0));
    const rows = each.map(({ shape: [rows] }) => rows);
    return split(heads, 0, rows).map((own, i) => {
      if (views[i] === 1) return { values: own, baselines: own };
      const [batch] = groups[i].states.shape;
      const [values, baselines] = splitViews(own, batch, views[i]);
      return { values, baselines };
    });
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
    const actions = inputsFor(this.actionColumns(), 1);
    const decision = this.decisions(scope, codes, actions);
    this.judge(scope, [{
      states: concat([state, state], 1),
      decisions: reshape(decision, [1, 1, this.#size]),
      absent: input("absent", [1, 2]),
      places: 2,
    }], memories);
  }
}

/** What is looked at in groups: see {@link groupViews}. */
function attentionOf(
  { states, decisions, absent }: GroupNodes,
): AttentionBatch {
  if (!decisions) return { codes: states, absent };
  const [members, acting] = [states, decisions].map(({ shape }) =>
    staticDim(shape[1])
  );
  return {
    codes: concat([states, decisions], 1),
    absent: absent &&
      concat([absent, slice(absent, 1, members - acting, members)], 1),
    sets: groupViews(members, acting),
  };
}

/** Of `views` rows for each group `[batch * views, n]` the first, and the rest. */
function splitViews(x: Node, batch: Dim, views: number): Node[] {
  const width = staticDim(x.shape[1]);
  const others = views - 1;
  const sideBySide = reshape(x, [batch, views * width]);
  const [first, rest] = split(sideBySide, 1, [width, others * width]);
  return [first, reshape(rest, [multiplyDims([batch, others]), width])];
}
