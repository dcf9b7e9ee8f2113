import assert from "node:assert/strict";
import {
  COMMUNICATION_VERSION,
  libraryVersionFor,
  versionProblem,
} from "../../../lib/env/unity/protocol_version.ts";

const versions = (communication: string) => ({
  communication,
  package: "3.0.0",
});

Deno.test("players with our major number fit", () => {
  for (const version of ["1.0.0", "1.5.0", "1.9.3", "1.2"]) {
    assert.equal(versionProblem(versions(version)), null);
  }
});

Deno.test("other players are refused with both versions", () => {
  for (const version of ["2.0.0", "0.15.0", "", "1", "1.x", "v1.5.0"]) {
    const problem = versionProblem(versions(version));
    assert(problem, version);
    assert(problem.message.includes(version || "(none)"));
    assert(problem.message.includes(COMMUNICATION_VERSION));
    assert(problem.message.includes("3.0.0"));
  }
});

Deno.test("below 1.0 the minor numbers count", () => {
  assert.equal(versionProblem(versions("0.15.3"), "0.15.0"), null);
  assert(versionProblem(versions("0.14.0"), "0.15.0"));
});

Deno.test("packages 1.0 are told a library version that they accept", () => {
  assert.equal(libraryVersionFor("1.0.8"), "0.20.0");
  assert.equal(libraryVersionFor("1.0.0-preview"), "0.20.0");
  assert.notEqual(libraryVersionFor("1.10.0"), "0.20.0");
  assert.notEqual(libraryVersionFor("3.0.0"), "0.20.0");
});
