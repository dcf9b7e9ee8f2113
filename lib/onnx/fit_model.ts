/** Whether a model fits a behavior, and which input takes which sensors. */
import { type Problem, UserError } from "../errors.ts";
import { describeSensor } from "../nn/observation_kind.ts";
import {
  type ActionSpec,
  type BehaviorSpec,
  branchTotal,
  type ObservationSpec,
} from "../spec.ts";
import {
  type ModelInput,
  modelInputs,
  type ModelObservation,
} from "./model_inputs.ts";
import type { ReadUnityModel } from "./read_unity_model.ts";

/**
 * The inputs to give to the model for each agent. Throws a UserError that names
 * all sensors and branches in which model and behavior differ.
 */
export function fitModel(
  model: ReadUnityModel,
  behavior: string,
  { observationSpecs, actionSpec }: BehaviorSpec,
): ModelInput[] {
  const inputs = modelInputs(model.version, observationSpecs);
  const problems = [
    ...observationProblems(model, inputs, observationSpecs),
    ...actionProblems(model, actionSpec),
  ];
  if (problems.length === 0) return inputs;
  throw new UserError(problems.map((problem, i) => ({
    place: { file: model.path },
    path: behavior,
    ...problem,
    ...i === problems.length - 1 && {
      cure: "Use a model of this behavior, or change the agent's sensors and " +
        "actions in the game.",
    },
  })));
}

function observationProblems(
  { observations }: ReadUnityModel,
  inputs: readonly ModelInput[],
  specs: readonly ObservationSpec[],
): Problem[] {
  const problems: Problem[] = [];
  for (const { name, shape, sensors } of inputs) {
    const known = observations.find((each) => each.name === name);
    if (known?.shape.join() === shape.join()) continue;
    const those = sensors.map((sensor) => describeSensor(specs[sensor]));
    problems.push({
      what: `the model does not fit ${those.join(" and ")}`,
      found: known ? `${name} ${sizes(known)}` : `no ${name} in the model`,
      allowed: `${name} ${sizes({ shape })}`,
    });
  }
  for (const { name, shape } of observations) {
    if (inputs.some((input) => input.name === name)) continue;
    problems.push({
      what: "the model observes what no sensor gives",
      found: `${name} ${sizes({ shape })}`,
    });
  }
  return problems;
}

const sizes = ({ shape }: Pick<ModelObservation, "shape">) =>
  `of shape [${shape.join(", ")}]`;

function actionProblems(
  { continuousSize, discreteBranches, branchTotal: total }: ReadUnityModel,
  spec: ActionSpec,
): Problem[] {
  const differences = [
    {
      what: "the model gives another number of continuous actions",
      found: `${continuousSize}`,
      allowed: `${spec.continuousSize}`,
    },
    discreteBranches
      ? {
        what: "the model has other branches of discrete actions",
        found: `${discreteBranches.join(", ") || "none"}`,
        allowed: `${spec.discreteBranches.join(", ") || "none"}`,
      }
      : {
        what: "the model has another number of discrete choices in all",
        found: `${total}`,
        allowed: `${branchTotal(spec)}`,
      },
  ];
  return differences.filter(({ found, allowed }) => found !== allowed);
}
