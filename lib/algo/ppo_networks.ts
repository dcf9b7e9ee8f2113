/** The networks of one behaviour, and how their programs name things. */
import { input, type Nodes } from "../tensor/build.ts";
import type { Node } from "../tensor/operation.ts";
import {
  type ActionSpec,
  type BehaviorSpec,
  branchTotal,
  observationSize,
} from "../spec.ts";
import type { NetworkSettings } from "../nn/network_body.ts";
import { normalize } from "../nn/normalizer.ts";
import { checkObservations } from "../nn/observation_encoder.ts";
import { observationKind } from "../nn/observation_kind.ts";
import {
  collectParameters,
  type ParameterScope,
  type ParameterSpec,
} from "../nn/parameters.ts";
import { actor, critic, type PolicyOutput } from "../nn/policy.ts";
import type { ActionNodes } from "./ppo.ts";
import type { ColumnSpec } from "./update_program.ts";

/** What decides the shape of PPO's programs. */
export interface PpoNetworkSettings
  extends Omit<NetworkSettings, "observationSpecs"> {
  readonly spec: BehaviorSpec;
  /** Vector observations by their running statistics. */
  readonly normalize: boolean;
  /** Number of reward signals: one value head each. */
  readonly signals: number;
}

/** Column and input names shared by the programs and their callers. */
export const columnNames = {
  observation: (sensor: number) => `obs_${sensor}`,
  continuous: "continuous",
  discrete: "discrete",
  mask: "mask",
  oldLogProbabilities: "old_log_probabilities",
  advantages: "advantages",
  returns: "returns",
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
    const observations = this.observationInputs("rows");
    this.parameters = collectParameters((scope) => {
      this.policy(scope, observations);
      this.values(scope, observations);
    });
  }

  /** The weights of one network. */
  parametersOf(network: "actor" | "critic"): readonly ParameterSpec[] {
    return this.parameters.filter(({ name }) => name.startsWith(`${network}.`));
  }

  get actions(): ActionSpec {
    return this.settings.spec.actionSpec;
  }

  /** Of observations that went through {@link normalize}. */
  policy(
    scope: ParameterScope,
    observations: readonly Node[],
    mask?: Node,
  ): PolicyOutput {
    const network = this.#network;
    const { actions } = this;
    return actor(scope.at("actor"), observations, network, actions, mask);
  }

  /** `[batch, signals]`, of observations that went through the same. */
  values(scope: ParameterScope, observations: readonly Node[]): Node {
    const { signals } = this.settings;
    return critic(scope.at("critic"), observations, this.#network, signals);
  }

  /** Observation inputs `[rows, n]`, one per sensor. */
  observationInputs(rows: string): Node<"input">[] {
    return this.settings.spec.observationSpecs.map((spec, sensor) =>
      input(columnNames.observation(sensor), [rows, observationSize(spec)])
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
export const byName = (nodes: readonly Node<"input">[]): Nodes =>
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
