/**
 * SAC's updates as one program: it goes through sampled batches, carrying the
 * weights of all networks, the temperatures, the optimiser's state and the
 * target network.
 */
import { add, input, multiply, type Nodes, slice } from "../tensor/build.ts";
import { gradient } from "../tensor/gradient.ts";
import type { Node } from "../tensor/operation.ts";
import { makeProgram, type Program } from "../tensor/program.ts";
import { scan } from "../tensor/scan.ts";
import { simplifyProgram } from "../tensor/simplify.ts";
import { adamUpdate } from "../nn/optimizer.ts";
import { bindParameters, parameterInputs } from "../nn/parameters.ts";
import { actNames } from "./act_program.ts";
import { columnNames } from "./column_names.ts";
import { flatSize, packWeights, unpackWeights } from "./flat_weights.ts";
import { byName } from "./policy_networks.ts";
import { type SacLosses, sacLosses, type SacVariant } from "./sac_losses.ts";
import { sacNames, type SacNetworks } from "./sac_networks.ts";
import { type ColumnSpec, inputsFor, updateNames } from "./update_program.ts";

export interface SacUpdateOptions extends SacVariant {
  /** Rows of a batch, whole sequences. */
  readonly batchSize: number;
  /** Share of the new weights in the target network. */
  readonly tau: number;
}

/** Columns of a sample, `[updates, batch, ...]` each. */
export function sampleColumns(
  networks: SacNetworks,
): Record<string, ColumnSpec> {
  const float = (...shape: number[]): ColumnSpec => ({
    shape,
    dtype: "float32",
  });
  const observed = Object.values(networks.observationColumns());
  const { continuousSize } = networks.actions;
  return {
    ...networks.observationColumns(),
    ...Object.fromEntries(
      observed.map((spec, i) => [columnNames.nextObservation(i), spec]),
    ),
    ...networks.actionColumns(),
    ...(continuousSize > 0 &&
      { [actNames.continuousNoise]: float(continuousSize) }),
    [columnNames.rewards]: float(networks.settings.signals),
    [columnNames.done]: float(),
    ...(networks.memorySize > 0 && { [columnNames.rowMask]: float() }),
  };
}

/**
 * The program of any number of updates. Inputs: weights of all networks, target
 * network included, the optimiser's state and schedule `[updates]`, normaliser
 * statistics, {@link sampleColumns}, and with memory those before every
 * sequence `[updates, sequences, n]`. Outputs: `next.` weights and state, and
 * every statistic.
 */
export function sacUpdateProgram(
  networks: SacNetworks,
  options: SacUpdateOptions,
): Program {
  const { batchSize, tau } = options;
  const { parameters, targetParameters } = networks;
  const weights = parameterInputs(parameters);
  const target = parameterInputs(targetParameters);
  const first = input(updateNames.first, [flatSize(parameters)]);
  const second = input(updateNames.second, [flatSize(parameters)]);
  const statistics = networks.normalizerInputs();
  const schedule = inputsFor(scheduleColumns, "updates");
  const columns = inputsFor(sampleColumns(networks), "updates", batchSize);
  const memories = inputsFor(
    memoryColumns(networks),
    "updates",
    batchSize / networks.sequenceLength,
  );
  const [start, end] = placeOfValue(networks);
  const state: Nodes = {
    weights: packWeights(Object.values(weights)),
    target: packWeights(Object.values(target)),
    first,
    second,
  };
  const { carry, outputs } = scan(
    state,
    {
      ...schedule,
      ...normalizeSample(networks, columns, byName(statistics)),
      ...memories,
    },
    (carry, step) => {
      const present = unpackWeights(carry.weights, parameters);
      const { statistics, ...losses } = sacLosses(
        networks,
        options,
        bindParameters({
          ...present,
          ...unpackWeights(carry.target, targetParameters),
        }),
        step,
      );
      const { weights, state } = adamUpdate(
        carry.weights,
        packWeights(gradientsOf(networks, losses, present)),
        { first: carry.first, second: carry.second },
        { rate: step[updateNames.rate], epsilon: step[updateNames.epsilon] },
      );
      const target = add(
        multiply(slice(weights, 0, start, end), tau),
        multiply(carry.target, 1 - tau),
      );
      return { carry: { weights, target, ...state }, outputs: statistics };
    },
  );
  const next: Nodes = {
    ...unpackWeights(carry.weights, parameters),
    ...unpackWeights(carry.target, targetParameters),
    [updateNames.first]: carry.first,
    [updateNames.second]: carry.second,
  };
  const results = Object.entries(next).map((
    [name, node],
  ) => [updateNames.next + name, node]);
  return simplifyProgram(makeProgram("sac_update", [
    ...Object.values(weights),
    ...Object.values(target),
    first,
    second,
    ...statistics,
    ...Object.values(schedule),
    ...Object.values(columns),
    ...Object.values(memories),
  ], { ...Object.fromEntries(results), ...outputs }));
}

const scheduleColumns: Readonly<Record<string, ColumnSpec>> = {
  [updateNames.rate]: { shape: [], dtype: "float32" },
  [updateNames.epsilon]: { shape: [], dtype: "float32" },
};

function memoryColumns(networks: SacNetworks): Record<string, ColumnSpec> {
  return Object.fromEntries(networks.recurrent.map((network) => [
    columnNames.memory(network),
    { shape: [networks.memorySize], dtype: "float32" },
  ]));
}

/** Where the state values' weights are in the vector of all. */
function placeOfValue(networks: SacNetworks): [number, number] {
  const { parameters } = networks;
  const own = networks.parametersOf(sacNames.value);
  const start = flatSize(parameters.slice(0, parameters.indexOf(own[0])));
  return [start, start + flatSize(own)];
}

/**
 * By weight, in their order. Each loss moves its own weights only. One optimiser
 * for all is the same as one for each loss, because all have made as many steps
 * and a step of Adam takes every value alone.
 */
function gradientsOf(
  networks: SacNetworks,
  losses: Omit<SacLosses, "statistics">,
  weights: Nodes,
): Node[] {
  const { actor, value, twins, temperature } = sacNames;
  const gradients = new Map<string, Node>();
  const lower = (loss: Node, ...owners: readonly string[]) => {
    const own = owners.flatMap((owner) => networks.parametersOf(owner));
    gradient(loss, own.map(({ name }) => weights[name])).forEach(
      (slope, i) => gradients.set(own[i].name, slope),
    );
  };
  lower(losses.policy, actor);
  lower(losses.critics, ...twins, value);
  lower(losses.temperatures, temperature);
  return networks.parameters.flatMap(({ name }) => gradients.get(name) ?? []);
}

/** The sample with observations, and what followed, as networks take them. */
function normalizeSample(
  networks: SacNetworks,
  columns: Nodes,
  statistics: Nodes,
): Nodes {
  const next = networks.normalize(networks.nextOf(columns), statistics);
  return {
    ...networks.normalizeColumns(columns, statistics),
    ...Object.fromEntries(
      next.map((node, sensor) => [columnNames.nextObservation(sensor), node]),
    ),
  };
}
