/** Whether two models are the same policy. */
import { createAgentColumns } from "../env/columns.ts";
import type { DecisionSteps } from "../env/env.ts";
import { UserError } from "../errors.ts";
import type { ReadUnityModel } from "../onnx/read_unity_model.ts";
import { type BehaviorSpec, observationSize } from "../spec.ts";
import { RandomGenerator } from "../util/random.ts";
import { ModelActor } from "./model_actor.ts";

const rows = 64;

/** Rounding differs where one is written in other operators than the other. */
const tolerance = 1e-3;

/** Choices that may differ because two are about as likely. */
const closeChoices = 0.02;

/**
 * Throws a UserError that names `model` when `other` does not act as it does
 * on random observations.
 */
export function requireSameActions(
  model: ReadUnityModel,
  other: ReadUnityModel,
  behavior: string,
  spec: BehaviorSpec,
): void {
  const decisions = randomDecisions(spec);
  const [expected, actual] = [model, other].map((each) => {
    const random = new RandomGenerator(0);
    const options = { behavior, spec, random, deterministic: true };
    const actor = new ModelActor(each, options);
    const memory = new Float32Array(rows * each.memorySize);
    const acted = actor.act([decisions], memory);
    actor.close();
    return acted;
  });
  const apart = (a: Float32Array, b: Float32Array) =>
    a.some((value, i) => Math.abs(value - b[i]) > tolerance);
  const { discrete } = expected.actions;
  const others = discrete.filter((choice, i) =>
    choice !== actual.actions.discrete[i]
  );
  if (
    !apart(expected.actions.continuous, actual.actions.continuous) &&
    !apart(expected.memory, actual.memory) &&
    others.length <= closeChoices * discrete.length
  ) return;
  throw new UserError({
    place: { file: model.path },
    what: "the model's network looks like one that this program knows, but " +
      "acts in another way",
    cure: "It can act, with --inference --model, but training cannot start " +
      "from it.",
  });
}

/** Images between 0 and 1, anything else around 0, some of it missing. */
function randomDecisions(spec: BehaviorSpec): DecisionSteps {
  const random = new RandomGenerator(0, "observations");
  const columns = createAgentColumns(spec, rows);
  for (let row = 0; row < rows; row++) columns.addRow(row);
  spec.observationSpecs.forEach((sensor, i) => {
    const column = columns.observations[i];
    const isImage = sensor.shape.length === 3;
    for (let j = 0; j < column.length; j++) {
      column[j] = isImage ? random.uniform() : random.normal();
    }
    if (sensor.shape.length !== 2) return;
    const [, features] = sensor.shape;
    for (let j = 0; j < rows * observationSize(sensor); j += features) {
      if (random.uniform() < 0.3) column.fill(0, j, j + features);
    }
  });
  return columns;
}
