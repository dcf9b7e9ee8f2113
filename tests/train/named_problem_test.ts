import assert from "node:assert/strict";
import { describeProblem, UserError } from "../../lib/errors.ts";
import { namedError, namedProblem } from "../../lib/train/named_problem.ts";

Deno.test("a name stands before the path, or in its place", () => {
  const problem = { what: "is silent" };
  const words = (name: string | null, path?: string) =>
    describeProblem(namedProblem(name, { ...problem, ...path && { path } }));
  assert.equal(words("player 1"), "player 1: is silent");
  assert.equal(words("player 1", "Ball"), "player 1: Ball: is silent");
  assert.equal(words(null, "Ball"), "Ball: is silent");
});

Deno.test("errors for users are named, others and those of one alone are not", () => {
  const error = new UserError([{ what: "a" }, { what: "b", path: "c" }], {
    exitCode: 7,
  });
  const named = namedError("player 2", error);
  assert(named instanceof UserError);
  assert.equal(named.message, "player 2: a\nplayer 2: c: b");
  assert.deepEqual([named.cause, named.exitCode], [error, 7]);
  assert.equal(namedError(null, error), error);
  const other = new TypeError("d");
  assert.equal(namedError("player 2", other), other);
});
