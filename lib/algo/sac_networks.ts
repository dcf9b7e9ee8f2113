/** SAC's networks of one behaviour: an actor and four critics. */
import { broadcast, constant, type Nodes, reshape } from "../tensor/build.ts";
import type { Node } from "../tensor/operation.ts";
import { branchTotal } from "../spec.ts";
import { constantInitializer } from "../nn/initializers.ts";
import type { Recurrence } from "../nn/lstm.ts";
import { networkBody } from "../nn/network_body.ts";
import {
  collectParameters,
  type ParameterScope,
  type ParameterSpec,
} from "../nn/parameters.ts";
import {
  actionHeads,
  type PolicyOutput,
  squashedHead,
  valueHeads,
} from "../nn/policy.ts";
import { columnNames, type NetworkName } from "./column_names.ts";
import {
  PolicyNetworks,
  type PolicyNetworkSettings,
} from "./policy_networks.ts";
import { sequenceMemory } from "./program_memory.ts";

/** What decides the shape of SAC's programs. */
export interface SacNetworkSettings extends PolicyNetworkSettings {
  /** Number of reward signals: heads of their own in every critic. */
  readonly signals: number;
  /** First weight of the entropy, above 0. */
  readonly initialTemperature: number;
}

/** The names that weights begin with. */
export const sacNames = {
  actor: "actor",
  /** Values of states, and their slow copy. */
  value: "value",
  target: "target",
  /** Values of actions. */
  twins: ["q1", "q2"],
  temperature: "temperature",
} as const;

/** Logarithms of the temperatures; a kind without actions has none. */
export interface Temperatures {
  /** `[1]`, of all dimensions together. */
  readonly continuous?: Node;
  /** `[branches]`. */
  readonly discrete?: Node;
}

/** Networks of one behaviour as functions of weights and observations. */
export class SacNetworks extends PolicyNetworks<SacNetworkSettings> {
  /** Of all networks that are learned, and the temperatures. */
  readonly parameters: readonly ParameterSpec[];
  /** The weights that follow those of the state values, slowly. */
  readonly targetParameters: readonly ParameterSpec[];
  readonly recurrent: readonly NetworkName[];

  /** Throws UserError when the networks cannot read the observations. */
  constructor(settings: SacNetworkSettings) {
    super(settings);
    const { actor, value, target, twins } = sacNames;
    this.recurrent = settings.memory ? [actor, value] : [];
    const rows = this.sequenceLength;
    const observations = this.observationInputs(rows);
    const continuous = this.actions.continuousSize > 0
      ? broadcast(constant(0), [rows, this.actions.continuousSize])
      : undefined;
    this.parameters = collectParameters((scope) => {
      const remember = this.emptyMemory(1);
      this.policy(scope, observations, undefined, remember);
      for (const twin of twins) {
        this.actionValues(scope, twin, observations, continuous, remember);
      }
      this.stateValues(scope, value, observations, remember);
      this.temperatures(scope);
    });
    this.targetParameters = this.parametersOf(value).map((spec) => ({
      ...spec,
      name: target + spec.name.slice(value.length),
    }));
  }

  override policy(
    scope: ParameterScope,
    observations: readonly Node[],
    mask?: Node,
    remember?: Recurrence,
  ): PolicyOutput {
    const own = scope.at(sacNames.actor);
    const code = networkBody(own, observations, this.network, remember);
    return actionHeads(own, code, this.actions, mask, squashedHead);
  }

  /** Actions are squashed already. */
  override sendActions(stored: Float32Array, sent: Float32Array): void {
    sent.set(stored);
  }

  /** V by signal, `[batch, signals]`; of the target network as well. */
  stateValues(
    scope: ParameterScope,
    network: "value" | "target",
    observations: readonly Node[],
    remember?: Recurrence,
  ): Node {
    const own = scope.at(network);
    const code = networkBody(own, observations, this.network, remember);
    return valueHeads(own, code, this.settings.signals);
  }

  /**
   * Q by signal, of `continuous` actions `[batch, n]` where there are some:
   * `[batch, signals]`, or with branches `[batch, signals, sum of branches]`,
   * a value for every choice.
   */
  actionValues(
    scope: ParameterScope,
    twin: "q1" | "q2",
    observations: readonly Node[],
    continuous?: Node,
    remember?: Recurrence,
  ): Node {
    const own = scope.at(twin);
    const code = networkBody(
      own,
      observations,
      this.network,
      remember,
      continuous,
    );
    const choices = branchTotal(this.actions);
    const { signals } = this.settings;
    const values = valueHeads(own, code, signals, Math.max(choices, 1));
    return choices > 0
      ? reshape(values, [code.shape[0], signals, choices])
      : values;
  }

  temperatures(scope: ParameterScope): Temperatures {
    const own = scope.at(sacNames.temperature);
    const { continuousSize, discreteBranches } = this.actions;
    const initial = constantInitializer(
      Math.log(this.settings.initialTemperature),
    );
    const branches = discreteBranches.length;
    return {
      ...(continuousSize > 0 &&
        { continuous: own.parameter("continuous", [1], initial) }),
      ...(branches > 0 &&
        { discrete: own.parameter("discrete", [branches], initial) }),
    };
  }

  /** Nothing remembered before `sequences`; undefined without memory. */
  emptyMemory(sequences: number): Recurrence | undefined {
    if (this.memorySize === 0) return undefined;
    const before = broadcast(constant(0), [sequences, this.memorySize]);
    return sequenceMemory(before, this.sequenceLength).remember;
  }

  /** What followed the observations among columns, by sensor. */
  nextOf(columns: Nodes): Node[] {
    return this.settings.spec.observationSpecs.map((_, sensor) =>
      columns[columnNames.nextObservation(sensor)]
    );
  }
}
