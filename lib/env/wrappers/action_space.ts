/** Actions as values of a space. */
import { UserError } from "../../errors.ts";
import type { ActionSpec } from "../../spec.ts";
import type { AgentAction } from "../env.ts";
import {
  Box,
  Discrete,
  MultiDiscrete,
  type Space,
  TupleSpace,
} from "./spaces.ts";

/**
 * What an agent can be told to do: numbers for continuous actions, a choice
 * for one branch, choices for several; both, in this order, for both.
 */
export type SpaceAction =
  | number
  | ArrayLike<number>
  | readonly (number | ArrayLike<number>)[];

/** `Box` in -1..1, `Discrete`, `MultiDiscrete`, or a tuple of two of them. */
export function actionSpaceOf(
  { continuousSize, discreteBranches }: ActionSpec,
): Space<SpaceAction> {
  const continuous = new Box(-1, 1, [continuousSize]);
  const discrete = discreteBranches.length === 1
    ? new Discrete(discreteBranches[0])
    : new MultiDiscrete(discreteBranches);
  if (discreteBranches.length === 0) return continuous;
  if (continuousSize === 0) return discrete;
  return new TupleSpace<number | ArrayLike<number>>([continuous, discrete]);
}

/**
 * A space's action as environments take it. Throws a UserError for what has
 * another structure; the environment checks the rest.
 */
export function toAgentAction(
  behavior: string,
  { continuousSize, discreteBranches }: ActionSpec,
  action: SpaceAction,
): AgentAction {
  if (discreteBranches.length === 0) {
    return { continuous: numbersOf(behavior, action) };
  }
  if (continuousSize === 0) return { discrete: numbersOf(behavior, action) };
  const parts = typeof action === "number" ? [] : Array.from(action);
  if (parts.length !== 2) {
    throw wrongStructure(behavior, "[continuous actions, discrete actions]");
  }
  const [continuous, discrete] = parts.map((part) => numbersOf(behavior, part));
  return { continuous, discrete };
}

function numbersOf(behavior: string, action: SpaceAction): number[] {
  if (typeof action === "number") return [action];
  return Array.from(action, (value) => {
    if (typeof value === "number") return value;
    throw wrongStructure(behavior, "numbers without further brackets");
  });
}

function wrongStructure(behavior: string, allowed: string): UserError {
  return new UserError({
    what: "An action has another structure than its space",
    path: behavior,
    allowed,
  });
}
