import assert from "node:assert/strict";
import { PocaNetworks } from "../../lib/algo/poca_networks.ts";
import { PpoNetworks } from "../../lib/algo/ppo_networks.ts";
import { UserError } from "../../lib/errors.ts";
import {
  judgementUpdateProgram,
  momentUpdateProgram,
} from "../../lib/algo/poca_update_program.ts";
import { updateNames } from "../../lib/algo/update_program.ts";
import { absentName } from "../../lib/algo/judge_moments.ts";
import {
  momentEvaluateProgram,
  sequenceEvaluateProgram,
} from "../../lib/algo/poca_evaluate_program.ts";
import type { ObservationSpec } from "../../lib/spec.ts";
import { type Feeds, interpret } from "../../lib/tensor/interpret.ts";
import { type NamedArrays, vectorArray } from "../../lib/util/arrays.ts";
import { RandomGenerator } from "../../lib/util/random.ts";
import { assertClose } from "../support/closeness.ts";
import { runLowered } from "../support/lowering.ts";
import {
  normals,
  randomObservations,
  randomWeights,
} from "../support/random_arrays.ts";
import { pickInputs } from "../support/ppo_case.ts";
import {
  entitySensor,
  vectorSensor,
  visualSensor,
} from "../support/sensors.ts";

const actionSpec = { continuousSize: 1, discreteBranches: [3] };

function networksOf(
  observationSpecs: readonly ObservationSpec[],
  change: { hidden_units?: number; memory?: boolean } = {},
): PocaNetworks {
  return new PocaNetworks({
    spec: { observationSpecs, actionSpec },
    normalize: false,
    hidden_units: change.hidden_units ?? 8,
    num_layers: 1,
    vis_encode_type: "match3",
    goal_conditioning_type: "hyper",
    signals: 1,
    memory: change.memory ? { memory_size: 6, sequence_length: 2 } : null,
  });
}

Deno.test("the actor is PPO's, the critic reads members", () => {
  const poca = networksOf([vectorSensor(5)]);
  const ppo = new PpoNetworks(poca.settings);
  const shapes = (networks: PocaNetworks | PpoNetworks, network: string) =>
    networks.parametersOf(network).map(({ name, shape }) => [name, shape]);
  assert.deepEqual(shapes(poca, "actor"), shapes(ppo, "actor"));
  assert.deepEqual(shapes(poca, "critic"), [
    ["critic.state.weight", [5, 8]],
    ["critic.state.bias", [8]],
    // The continuous action and three choices beside the observations.
    ["critic.decision.weight", [9, 8]],
    ["critic.decision.bias", [8]],
    ["critic.attention.queries_keys_values.weight", [8, 24]],
    ["critic.attention.queries_keys_values.bias", [24]],
    ["critic.attention.out.weight", [8, 8]],
    ["critic.attention.out.bias", [8]],
    ["critic.body.0.weight", [8, 8]],
    ["critic.body.0.bias", [8]],
    ["critic.value.weight", [9, 1]],
    ["critic.value.bias", [1]],
  ]);
});

Deno.test("with memory the critic remembers values and baselines apart", () => {
  const networks = networksOf([vectorSensor(2)], { memory: true });
  assert.deepEqual(networks.recurrent, ["actor", "critic", "baseline"]);
  const found = new Map(
    networks.parametersOf("critic").map(({ name, shape }) => [name, shape]),
  );
  // Both by the same layer; the heads see half a memory and how full it is.
  assert.deepEqual(found.get("critic.lstm.input_weight"), [8, 12]);
  assert.deepEqual(found.get("critic.value.weight"), [4, 1]);
  assert.deepEqual(networks.parametersOf("baseline"), []);
});

Deno.test("a size that the heads cannot share is refused before training (F-3)", () => {
  assert.throws(
    () => networksOf([vectorSensor(2)], { hidden_units: 30 }),
    (error: unknown) => {
      assert(error instanceof UserError);
      assert.match(error.message, /network_settings\.hidden_units/);
      return true;
    },
  );
});

const sensors: Readonly<Record<string, readonly ObservationSpec[]>> = {
  images: [visualSensor([2, 5, 5]), vectorSensor(2)],
  entities: [entitySensor([3, 4]), vectorSensor(2)],
  "a goal": [vectorSensor(3), vectorSensor(2, "goal")],
};

for (const [name, specs] of Object.entries(sensors)) {
  for (const memory of [false, true]) {
    const title = `${name}${memory ? ", with memory" : ""}`;
    Deno.test(`${title}: members are learned from, compiled as interpreted`, () => {
      const networks = networksOf(specs, { memory });
      const random = new RandomGenerator(1, title);
      const count = 4;
      const columns: NamedArrays = {
        ...randomWeights(networks.parameters, random),
        ...Object.fromEntries(
          specs.map((spec, i) => [
            `obs_${i}`,
            randomObservations(spec, count, random),
          ]),
        ),
        continuous: normals(random, 1, [count, 1]),
        discrete: { data: Int32Array.of(0, 2, 1, 1), shape: [count, 1] },
        mask: { data: new Float32Array(3 * count).fill(1), shape: [count, 3] },
        mates: { data: Int32Array.of(1, 0, 3, -1), shape: [count, 1] },
        returns: normals(random, 1, [count, 1]),
        old_baselines: normals(random, 1, [count, 1]),
        epsilon: { data: Float32Array.of(0.2), shape: [] },
        ...Object.fromEntries(
          networks.recurrent.map((network) => [
            `${network}.memory`,
            normals(random, 1, [2, 6]),
          ]),
        ),
      };
      const evaluate = memory
        ? sequenceEvaluateProgram(networks, 1, 2)
        : momentEvaluateProgram(networks, 2);
      checkAlike(evaluate, {
        ...columns,
        rows: vectorArray(Int32Array.of(0, 1, 2, 3)),
        [absentName(1)]: { data: new Float32Array(2), shape: [2, 1] },
        [absentName(2)]: { data: new Float32Array(2), shape: [1, 2] },
      });

      const update = memory
        ? judgementUpdateProgram(networks, 2, 1)
        : momentUpdateProgram(networks, 2);
      const size = networks.parametersOf("critic").reduce(
        (sum, { name }) => sum + columns[name].data.length,
        0,
      );
      const zeros = () => vectorArray(new Float32Array(size));
      checkAlike(update, {
        ...columns,
        [updateNames.first]: zeros(),
        [updateNames.second]: zeros(),
        ...(memory ? ofSequence : ofMoments),
        [updateNames.rate]: vectorArray(Float32Array.of(1e-3)),
        [updateNames.epsilon]: vectorArray(Float32Array.of(1e-2)),
      });
    });
  }
}

const ofSequence: NamedArrays = {
  [updateNames.rows]: { data: Int32Array.of(2, 0), shape: [1, 2] },
  [updateNames.sequences]: { data: Int32Array.of(1), shape: [1, 1] },
  [updateNames.share]: { data: Float32Array.of(0.5, 0.5), shape: [1, 2] },
};

/** An agent alone and a pair. */
const ofMoments: NamedArrays = {
  [updateNames.rows]: { data: Int32Array.of(3, 2, 0), shape: [1, 3] },
  [updateNames.share]: { data: Float32Array.of(0.5, 0, 0.5), shape: [1, 3] },
  [absentName(1)]: { data: new Float32Array(1), shape: [1, 1, 1] },
  [absentName(2)]: { data: new Float32Array(2), shape: [1, 1, 2] },
};

/** Compiled and interpreted, and finite. */
function checkAlike(
  program: Parameters<typeof runLowered>[0],
  arrays: NamedArrays,
): void {
  const feeds = pickInputs(program, arrays);
  const compiled = runLowered(program, feeds);
  const interpreted = interpret(program, feeds as Feeds);
  for (const [name, { data }] of Object.entries(interpreted)) {
    assert(Array.from(data, Number).every(Number.isFinite), name);
    assertClose(compiled[name].data, data, 1e-4, name);
  }
}
