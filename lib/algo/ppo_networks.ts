/** The networks of one behaviour, and how their programs name things. */
import { input, type Nodes } from "../tensor/build.ts";
import type { Dim, Node } from "../tensor/operation.ts";
import {
  type ActionSpec,
  type BehaviorSpec,
  branchTotal,
  observationSize,
} from "../spec.ts";
import type { Recurrence } from "../nn/lstm.ts";
import { networkBody, type NetworkSettings } from "../nn/network_body.ts";
import { normalize } from "../nn/normalizer.ts";
import { checkObservations } from "../nn/observation_encoder.ts";
import { observationKind } from "../nn/observation_kind.ts";
import {
  collectParameters,
  type ParameterScope,
  type ParameterSpec,
} from "../nn/parameters.ts";
import {
  actionHeads,
  actor,
  critic,
  type PolicyOutput,
  valueHeads,
} from "../nn/policy.ts";
import type { ActionNodes } from "./ppo.ts";
import { type ProgramMemory, stepMemory } from "./program_memory.ts";
import type { ColumnSpec } from "./update_program.ts";

/** What decides the shape of PPO's programs. */
export interface PpoNetworkSettings
  extends Omit<NetworkSettings, "observationSpecs"> {
  readonly spec: BehaviorSpec;
  /** Vector observations by their running statistics. */
  readonly normalize: boolean;
  /** Number of reward signals: one value head each. */
  readonly signals: number;
  /** What makes the networks recurrent. */
  readonly memory?: MemorySettings | null;
  /** Value heads on the actor's own body and memory. */
  readonly sharedCritic?: boolean;
}

/** Size and use of a memory. */
export interface MemorySettings {
  /** Values, an even number. */
  readonly memory_size: number;
  /** Steps that are learned from in one piece. */
  readonly sequence_length: number;
}

/** A network with a body of its own, by the first part of its weights' names. */
export type NetworkName = "actor" | "critic";

/** Memories of the networks in a program; none where they are not recurrent. */
export type NetworkMemories = Readonly<
  Partial<Record<NetworkName, ProgramMemory>>
>;

/** Column and input names shared by the programs and their callers. */
export const columnNames = {
  observation: (sensor: number) => `obs_${sensor}`,
  continuous: "continuous",
  discrete: "discrete",
  mask: "mask",
  oldLogProbabilities: "old_log_probabilities",
  advantages: "advantages",
  returns: "returns",
  oldValues: "old_values",
  memory: (network: NetworkName) => `${network}.memory`,
} as const;

/** Inputs that hold the normaliser of a sensor. */
export const normalizerNames = {
  mean: (sensor: number) => `normalizer.${sensor}.mean`,
  scale: (sensor: number) => `normalizer.${sensor}.scale`,
} as const;

/** Networks of one behaviour as functions of weights and observations. */
export class PpoNetworks {
  readonly settings: PpoNetworkSettings;
  readonly parameters: readonly ParameterSpec[];
  /** By sensor: the number of values to normalise, or null. */
  readonly normalizedSizes: readonly (number | null)[];
  /** The networks that remember. */
  readonly recurrent: readonly NetworkName[];
  readonly #network: NetworkSettings;

  /** Throws UserError when the networks cannot read the observations. */
  constructor(settings: PpoNetworkSettings) {
    this.settings = settings;
    const { observationSpecs } = settings.spec;
    this.#network = { ...settings, observationSpecs };
    checkObservations(this.#network);
    this.normalizedSizes = observationSpecs.map((spec) =>
      settings.normalize && observationKind(spec) === "vector"
        ? observationSize(spec)
        : null
    );
    const bodies: NetworkName[] = settings.sharedCritic
      ? ["actor"]
      : ["actor", "critic"];
    this.recurrent = settings.memory ? bodies : [];
    const observations = this.observationInputs("rows");
    const memories = this.memories(this.memoryInputs("rows"), stepMemory);
    this.parameters = collectParameters((scope) =>
      this.policyAndValues(scope, observations, undefined, memories)
    );
  }

  /** The weights of one network. */
  parametersOf(network: "actor" | "critic"): readonly ParameterSpec[] {
    return this.parameters.filter(({ name }) => name.startsWith(`${network}.`));
  }

  /** Values of one network's memory; 0 without. */
  get memorySize(): number {
    return this.settings.memory?.memory_size ?? 0;
  }

  /** Steps of a sequence; without memory every decision stands alone. */
  get sequenceLength(): number {
    return this.settings.memory?.sequence_length ?? 1;
  }

  get actions(): ActionSpec {
    return this.settings.spec.actionSpec;
  }

  /** Of observations that went through {@link normalize}. */
  policy(
    scope: ParameterScope,
    observations: readonly Node[],
    mask?: Node,
    remember?: Recurrence,
  ): PolicyOutput {
    return actor(
      scope.at("actor"),
      observations,
      this.#network,
      this.actions,
      mask,
      remember,
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
      this.#network,
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
    const code = networkBody(own, observations, this.#network, rememberActor);
    const { signals } = this.settings;
    return {
      policy: actionHeads(own, code, this.actions, mask),
      values: valueHeads(scope.at("critic"), code, signals),
    };
  }

  /** Observation inputs `[rows, n]`, one per sensor. */
  observationInputs(rows: Dim): Node<"input">[] {
    return this.settings.spec.observationSpecs.map((spec, sensor) =>
      input(columnNames.observation(sensor), [rows, observationSize(spec)])
    );
  }

  /** Memories before a row or sequence, `[rows, n]` each, by their names. */
  memoryInputs(
    rows: Dim,
    networks: readonly NetworkName[] = this.recurrent,
  ): Readonly<Record<string, Node<"input">>> {
    return byName(
      networks.filter((network) => this.recurrent.includes(network))
        .map((network) =>
          input(columnNames.memory(network), [rows, this.memorySize])
        ),
    );
  }

  /** The networks' memories, for those that are among the given nodes. */
  memories(
    before: Nodes,
    make: (before: Node) => ProgramMemory,
  ): NetworkMemories {
    return Object.fromEntries(
      this.recurrent.flatMap((network) => {
        const node = before[columnNames.memory(network)];
        return node ? [[network, make(node)]] : [];
      }),
    );
  }

  /** Inputs of the normalisers; none when observations are used as they are. */
  normalizerInputs(): Node<"input">[] {
    return this.normalizedSizes.flatMap((size, sensor) =>
      size === null ? [] : [
        input(normalizerNames.mean(sensor), [size]),
        input(normalizerNames.scale(sensor), [size]),
      ]
    );
  }

  /** Observations as the networks take them, vectors by their statistics. */
  normalize(observations: readonly Node[], statistics: Nodes): Node[] {
    return observations.map((observation, sensor) =>
      this.normalizedSizes[sensor] === null
        ? observation
        : normalize(observation, {
          mean: statistics[normalizerNames.mean(sensor)],
          scale: statistics[normalizerNames.scale(sensor)],
        })
    );
  }

  maskInput(rows: string): Node<"input">[] {
    const width = branchTotal(this.actions);
    return width > 0 ? [input(columnNames.mask, [rows, width])] : [];
  }
}

/** Inputs by their names. */
export const byName = (
  nodes: readonly Node<"input">[],
): Readonly<Record<string, Node<"input">>> =>
  Object.fromEntries(nodes.map((node) => [node.attributes.name, node]));

/** Columns of actions and their masks. */
export function actionColumns(
  networks: PpoNetworks,
): Record<string, ColumnSpec> {
  const { continuousSize, discreteBranches } = networks.actions;
  const columns: Record<string, ColumnSpec> = {};
  if (continuousSize > 0) {
    columns[columnNames.continuous] = {
      shape: [continuousSize],
      dtype: "float32",
    };
  }
  if (discreteBranches.length > 0) {
    columns[columnNames.discrete] = {
      shape: [discreteBranches.length],
      dtype: "int32",
    };
    columns[columnNames.mask] = {
      shape: [branchTotal(networks.actions)],
      dtype: "float32",
    };
  }
  return columns;
}

/** The action columns of a program. */
export const actionNodes = (columns: Nodes): ActionNodes => ({
  continuous: columns[columnNames.continuous],
  discrete: columns[columnNames.discrete],
});
