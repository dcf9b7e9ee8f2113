/** The networks of one behaviour, and how their programs name things. */
import { constant, input, type Nodes } from "../tensor/build.ts";
import type { Node } from "../tensor/operation.ts";
import {
  type ActionSpec,
  type BehaviorSpec,
  branchTotal,
  observationSize,
} from "../spec.ts";
import type { BodySettings } from "../nn/layers.ts";
import { normalize } from "../nn/normalizer.ts";
import {
  collectParameters,
  type ParameterScope,
  type ParameterSpec,
} from "../nn/parameters.ts";
import { actor, critic, type PolicyOutput } from "../nn/policy.ts";
import type { ActionNodes } from "./ppo.ts";
import type { ColumnSpec } from "./update_program.ts";

/** What decides the shape of PPO's programs. */
export interface PpoNetworkSettings extends BodySettings {
  readonly spec: BehaviorSpec;
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

  constructor(settings: PpoNetworkSettings) {
    this.settings = settings;
    const encodings = settings.spec.observationSpecs.map((spec) =>
      constant(new Float32Array(observationSize(spec)), [
        1,
        observationSize(spec),
      ])
    );
    this.parameters = collectParameters((scope) => {
      this.policy(scope, encodings);
      this.values(scope, encodings);
    });
  }

  /** The weights of one network. */
  parametersOf(network: "actor" | "critic"): readonly ParameterSpec[] {
    return this.parameters.filter(({ name }) => name.startsWith(`${network}.`));
  }

  get actions(): ActionSpec {
    return this.settings.spec.actionSpec;
  }

  policy(
    scope: ParameterScope,
    encodings: readonly Node[],
    mask?: Node,
  ): PolicyOutput {
    return actor(
      scope.at("actor"),
      encodings,
      this.settings,
      this.actions,
      mask,
    );
  }

  /** `[batch, signals]`. */
  values(scope: ParameterScope, encodings: readonly Node[]): Node {
    const { signals } = this.settings;
    return critic(scope.at("critic"), encodings, this.settings, signals);
  }

  /** Observation inputs `[rows, n]`, one per sensor. */
  observationInputs(rows: string): Node<"input">[] {
    return this.settings.spec.observationSpecs.map((spec, sensor) =>
      input(columnNames.observation(sensor), [rows, observationSize(spec)])
    );
  }

  /** Inputs of the normalisers; none when observations are used as they are. */
  normalizerInputs(): Node<"input">[] {
    if (!this.settings.normalize) return [];
    return this.settings.spec.observationSpecs.flatMap((spec, sensor) => [
      input(normalizerNames.mean(sensor), [observationSize(spec)]),
      input(normalizerNames.scale(sensor), [observationSize(spec)]),
    ]);
  }

  /** Observations as the networks take them. */
  encode(observations: readonly Node[], statistics: Nodes): Node[] {
    if (!this.settings.normalize) return [...observations];
    return observations.map((observation, sensor) =>
      normalize(observation, {
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
