/** PPO's networks of one behaviour: an actor and a critic. */
import type { Node } from "../tensor/operation.ts";
import type { Recurrence } from "../nn/lstm.ts";
import { networkBody } from "../nn/network_body.ts";
import {
  collectParameters,
  type ParameterScope,
  type ParameterSpec,
} from "../nn/parameters.ts";
import {
  actionHeads,
  critic,
  type PolicyOutput,
  valueHeads,
} from "../nn/policy.ts";
import type { NetworkName } from "./column_names.ts";
import {
  type NetworkMemories,
  PolicyNetworks,
  type PolicyNetworkSettings,
} from "./policy_networks.ts";
import { stepMemory } from "./program_memory.ts";

/** What decides the shape of PPO's programs. */
export interface PpoNetworkSettings extends PolicyNetworkSettings {
  /** Number of reward signals: one value head each. */
  readonly signals: number;
  /** Value heads on the actor's own body and memory. */
  readonly sharedCritic?: boolean;
}

/** Networks of one behaviour as functions of weights and observations. */
export class PpoNetworks extends PolicyNetworks<PpoNetworkSettings> {
  readonly parameters: readonly ParameterSpec[];
  readonly recurrent: readonly NetworkName[];

  /** Throws UserError when the networks cannot read the observations. */
  constructor(settings: PpoNetworkSettings) {
    super(settings);
    const bodies = settings.sharedCritic ? ["actor"] : ["actor", "critic"];
    this.recurrent = settings.memory ? bodies : [];
    const observations = this.observationInputs("rows");
    const memories = this.memories(this.memoryInputs("rows"), stepMemory);
    this.parameters = collectParameters((scope) =>
      this.policyAndValues(scope, observations, undefined, memories)
    );
  }

  /** `[batch, signals]`, of the same observations, by a critic of its own. */
  values(
    scope: ParameterScope,
    observations: readonly Node[],
    remember?: Recurrence,
  ): Node {
    return critic(
      scope.at("critic"),
      observations,
      this.network,
      this.settings.signals,
      remember,
    );
  }

  /** Both at once; a shared body is then computed once. */
  policyAndValues(
    scope: ParameterScope,
    observations: readonly Node[],
    mask: Node | undefined,
    memories: NetworkMemories,
  ): { policy: PolicyOutput; values: Node } {
    const rememberActor = memories.actor?.remember;
    if (!this.settings.sharedCritic) {
      const rememberCritic = memories.critic?.remember;
      return {
        policy: this.policy(scope, observations, mask, rememberActor),
        values: this.values(scope, observations, rememberCritic),
      };
    }
    const own = scope.at("actor");
    const code = networkBody(own, observations, this.network, rememberActor);
    const { signals } = this.settings;
    return {
      policy: actionHeads(own, code, this.actions, mask),
      values: valueHeads(scope.at("critic"), code, signals),
    };
  }
}
