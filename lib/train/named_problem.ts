/** Problems and errors with the name of the environment or behavior that has them. */
import { type Problem, UserError } from "../errors.ts";

/** Puts a name before the problem's path; null = there is only one. */
export function namedProblem(name: string | null, problem: Problem): Problem {
  if (name === null) return problem;
  const path = problem.path ? `${name}: ${problem.path}` : name;
  return { ...problem, path };
}

/** The same for all problems of an error, if it is one for users. */
export function namedError(name: string | null, error: unknown): unknown {
  if (name === null || !(error instanceof UserError)) return error;
  const { problems, exitCode } = error;
  return new UserError(problems.map((each) => namedProblem(name, each)), {
    cause: error,
    exitCode,
  });
}
