/** PPO's three programs over one set of network functions. */
import { constant, input, type Nodes } from "../tensor/build.ts";
import type { Node } from "../tensor/operation.ts";
import { makeProgram, type Program } from "../tensor/program.ts";
import { simplifyProgram } from "../tensor/simplify.ts";
import {
  type ActionSpec,
  type BehaviorSpec,
  branchTotal,
  observationSize,
} from "../spec.ts";
import { sampleCategorical, sampleGaussian } from "../nn/distributions.ts";
import type { BodySettings } from "../nn/layers.ts";
import { normalize } from "../nn/normalizer.ts";
import {
  bindParameters,
  collectParameters,
  parameterInputs,
  type ParameterScope,
  type ParameterSpec,
} from "../nn/parameters.ts";
import { actor, critic, type PolicyOutput } from "../nn/policy.ts";
import {
  type ActionNodes,
  logProbabilities,
  policyEntropy,
  ppoLoss,
} from "./ppo.ts";
import { type ColumnSpec, updateProgram } from "./update_program.ts";

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

const byName = (nodes: readonly Node<"input">[]): Nodes =>
  Object.fromEntries(nodes.map((node) => [node.attributes.name, node]));

/** Names of the acting program's noise inputs and outputs. */
export const actNames = {
  /** Standard normal, `[agents, n]`. */
  continuousNoise: "continuous_noise",
  /** Standard Gumbel, `[agents, sum of branches]`. */
  discreteNoise: "discrete_noise",
  /** Raw samples, see `scaleActions`. */
  continuous: columnNames.continuous,
  discrete: columnNames.discrete,
} as const;

/**
 * Acting: observations of `agents` rows, masks and noise in; actions out. Zero
 * noise gives the likeliest actions.
 */
export function actProgram(networks: PpoNetworks): Program {
  const rows = "agents";
  const { continuousSize } = networks.actions;
  const weights = parameterInputs(
    networks.parameters.filter(({ name }) => name.startsWith("actor.")),
  );
  const observations = networks.observationInputs(rows);
  const statistics = networks.normalizerInputs();
  const masks = networks.maskInput(rows);
  const policy = networks.policy(
    bindParameters(weights),
    networks.encode(observations, byName(statistics)),
    masks[0],
  );
  const noise: Node<"input">[] = [];
  const outputs: Record<string, Node> = {};
  if (policy.gaussian) {
    const draw = input(actNames.continuousNoise, [rows, continuousSize]);
    noise.push(draw);
    outputs[actNames.continuous] = sampleGaussian(policy.gaussian, draw);
  }
  if (policy.categorical) {
    const draw = input(actNames.discreteNoise, [
      rows,
      branchTotal(networks.actions),
    ]);
    noise.push(draw);
    outputs[actNames.discrete] = sampleCategorical(policy.categorical, draw);
  }
  return simplifyProgram(makeProgram("act", [
    ...Object.values(weights),
    ...observations,
    ...statistics,
    ...masks,
    ...noise,
  ], outputs));
}

/** Input columns of actions, `[rows, ...]`. */
function actionColumns(networks: PpoNetworks): Record<string, ColumnSpec> {
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

const actionNodes = (columns: Nodes): ActionNodes => ({
  continuous: columns[columnNames.continuous],
  discrete: columns[columnNames.discrete],
});

/** Outputs of the evaluation. */
export const evaluateNames = {
  /** `[rows, signals]`. */
  values: "values",
  /** `[rows, n + branches]`. */
  logProbabilities: "log_probabilities",
  /** `[rows]`, or `[1]` where it does not depend on the state. */
  entropy: "entropy",
} as const;

/** Values, log probabilities and entropies of `experience` rows (F-30). */
export function evaluateProgram(networks: PpoNetworks): Program {
  const rows = "experience";
  const weights = parameterInputs(networks.parameters);
  const observations = networks.observationInputs(rows);
  const statistics = networks.normalizerInputs();
  const actions = Object.entries(actionColumns(networks)).map((
    [name, { shape, dtype }],
  ) => input(name, [rows, ...shape], dtype));
  const columns = byName(actions);
  const scope = bindParameters(weights);
  const encodings = networks.encode(observations, byName(statistics));
  const policy = networks.policy(scope, encodings, columns[columnNames.mask]);
  return simplifyProgram(makeProgram("evaluate", [
    ...Object.values(weights),
    ...observations,
    ...statistics,
    ...actions,
  ], {
    [evaluateNames.values]: networks.values(scope, encodings),
    [evaluateNames.logProbabilities]: logProbabilities(
      policy,
      actionNodes(columns),
    ),
    [evaluateNames.entropy]: policyEntropy(policy),
  }));
}

/** Scalars of the update program. */
export const ppoScalars = { epsilon: "epsilon", beta: "beta" } as const;

/** Statistics of the update program, one value per minibatch. */
export const ppoStatistics = {
  policyLoss: "policy_loss",
  valueLoss: "value_loss",
} as const;

/** The whole update phase: all epochs, all minibatches of `batchSize` rows. */
export function ppoUpdateProgram(
  networks: PpoNetworks,
  batchSize: number,
): Program {
  const { continuousSize, discreteBranches } = networks.actions;
  const sensors = networks.observationInputs("experience");
  const columns: Record<string, ColumnSpec> = {
    ...Object.fromEntries(sensors.map((node) => [
      node.attributes.name,
      { shape: node.shape.slice(1).map(Number), dtype: node.dtype },
    ])),
    ...actionColumns(networks),
    [columnNames.oldLogProbabilities]: {
      shape: [continuousSize + discreteBranches.length],
      dtype: "float32",
    },
    [columnNames.advantages]: { shape: [], dtype: "float32" },
    [columnNames.returns]: {
      shape: [networks.settings.signals],
      dtype: "float32",
    },
  };
  const names = sensors.map((_, sensor) => columnNames.observation(sensor));
  return updateProgram({
    name: "ppo_update",
    parameters: networks.parameters,
    columns,
    scalars: Object.values(ppoScalars),
    extra: networks.normalizerInputs(),
    prepare: (all, statistics) => {
      const encodings = networks.encode(
        names.map((name) => all[name]),
        statistics,
      );
      return {
        ...all,
        ...Object.fromEntries(names.map((name, i) => [name, encodings[i]])),
      };
    },
    batchSize,
    loss: (scope, minibatch, scalars) => {
      const encodings = names.map((name) => minibatch[name]);
      const { loss, policyLoss, valueLoss } = ppoLoss({
        policy: networks.policy(scope, encodings, minibatch[columnNames.mask]),
        values: networks.values(scope, encodings),
        actions: actionNodes(minibatch),
        oldLogProbabilities: minibatch[columnNames.oldLogProbabilities],
        advantages: minibatch[columnNames.advantages],
        returns: minibatch[columnNames.returns],
        epsilon: scalars[ppoScalars.epsilon],
        beta: scalars[ppoScalars.beta],
      });
      return {
        loss,
        statistics: {
          [ppoStatistics.policyLoss]: policyLoss,
          [ppoStatistics.valueLoss]: valueLoss,
        },
      };
    },
  });
}
