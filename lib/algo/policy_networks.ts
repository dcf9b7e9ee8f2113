/** What the networks of every algorithm have: a policy and what it reads. */
import { input, type Nodes } from "../tensor/build.ts";
import type { Dim, Node } from "../tensor/operation.ts";
import {
  type ActionSpec,
  type BehaviorSpec,
  branchTotal,
  observationSize,
} from "../spec.ts";
import type { TakenActions } from "../nn/action_code.ts";
import type { Recurrence } from "../nn/lstm.ts";
import type { NetworkSettings } from "../nn/network_body.ts";
import { normalize } from "../nn/normalizer.ts";
import { checkObservations } from "../nn/observation_encoder.ts";
import { observationKind } from "../nn/observation_kind.ts";
import type { ParameterScope, ParameterSpec } from "../nn/parameters.ts";
import { actor, type PolicyOutput } from "../nn/policy.ts";
import {
  columnNames,
  type NetworkName,
  normalizerNames,
} from "./column_names.ts";
import type { ProgramMemory } from "./program_memory.ts";
import type { ColumnSpec } from "./update_program.ts";

/** What decides the shape of a policy's programs. */
export interface PolicyNetworkSettings
  extends Omit<NetworkSettings, "observationSpecs"> {
  readonly spec: BehaviorSpec;
  /** Vector observations by their running statistics. */
  readonly normalize: boolean;
  /** What makes the networks recurrent. */
  readonly memory?: MemorySettings | null;
}

/** Size and use of a memory. */
export interface MemorySettings {
  /** Values, an even number. */
  readonly memory_size: number;
  /** Steps that are learned from in one piece. */
  readonly sequence_length: number;
}

/** Memories of the networks in a program; none where they are not recurrent. */
export type NetworkMemories = Readonly<
  Partial<Record<NetworkName, ProgramMemory>>
>;

/**
 * Networks of one behaviour as functions of weights and observations. Whoever
 * acts, exports, normalises or keeps memories needs no more than this.
 */
export abstract class PolicyNetworks<
  Settings extends PolicyNetworkSettings = PolicyNetworkSettings,
> {
  readonly settings: Settings;
  /** The weights of all networks. */
  abstract readonly parameters: readonly ParameterSpec[];
  /** The networks that remember. */
  abstract readonly recurrent: readonly NetworkName[];
  /** By sensor: the number of values to normalise, or null. */
  readonly normalizedSizes: readonly (number | null)[];
  /** The same settings as network functions take them. */
  protected readonly network: NetworkSettings;

  /** Throws UserError when the networks cannot read the observations. */
  constructor(settings: Settings) {
    this.settings = settings;
    const { observationSpecs } = settings.spec;
    this.network = { ...settings, observationSpecs };
    checkObservations(this.network);
    this.normalizedSizes = observationSpecs.map((spec) => {
      const size = observationSize(spec);
      const isVector = observationKind(spec) === "vector" && size > 0;
      return settings.normalize && isVector ? size : null;
    });
  }

  /** The weights of one network. */
  parametersOf(network: NetworkName): readonly ParameterSpec[] {
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
      this.network,
      this.actions,
      mask,
      remember,
    );
  }

  /** What the environment receives for continuous actions as they are stored. */
  sendActions(stored: Float32Array, sent: Float32Array): void {
    scaleActions(stored, sent);
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

  /** Columns of observations. */
  observationColumns(): Record<string, ColumnSpec> {
    return Object.fromEntries(
      this.observationInputs("rows").map(({ attributes, shape, dtype }) => [
        attributes.name,
        { shape: shape.slice(1).map(Number), dtype },
      ]),
    );
  }

  /** Columns of actions and their masks. */
  actionColumns(): Record<string, ColumnSpec> {
    const { continuousSize, discreteBranches } = this.actions;
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
        shape: [branchTotal(this.actions)],
        dtype: "float32",
      };
    }
    return columns;
  }

  /** The observations among columns, by sensor. */
  observationsOf(columns: Nodes): Node[] {
    return this.settings.spec.observationSpecs.map((_, sensor) =>
      columns[columnNames.observation(sensor)]
    );
  }

  /** The columns with observations as the networks take them. */
  normalizeColumns(columns: Nodes, statistics: Nodes): Nodes {
    const normalized = this.normalize(this.observationsOf(columns), statistics);
    return {
      ...columns,
      ...Object.fromEntries(
        normalized.map((node, sensor) => [
          columnNames.observation(sensor),
          node,
        ]),
      ),
    };
  }
}

/** Inputs by their names. */
export const byName = (
  nodes: readonly Node<"input">[],
): Readonly<Record<string, Node<"input">>> =>
  Object.fromEntries(nodes.map((node) => [node.attributes.name, node]));

/** The action columns of a program. */
export const actionNodes = (columns: Nodes): TakenActions => ({
  continuous: columns[columnNames.continuous],
  discrete: columns[columnNames.discrete],
});

/** Raw samples are limited to this range and scaled to -1..1 (K-6). */
export const actionLimit = 3;

/**
 * What the environment receives for raw samples: clamp(u, -3, 3) / 3. The raw
 * samples themselves are what is learned from.
 */
export function scaleActions(raw: Float32Array, scaled: Float32Array): void {
  for (let i = 0; i < raw.length; i++) {
    const limited = Math.min(Math.max(raw[i], -actionLimit), actionLimit);
    scaled[i] = limited / actionLimit;
  }
}
