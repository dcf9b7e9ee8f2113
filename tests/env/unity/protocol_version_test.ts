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

/** What a late patch of package 1.0 makes of a trainer's library version. */
function judge(version: string): "refuses" | "warns" | "accepts" {
  const [, major, minor] = (/^(\d+)\.(\d+)\.\d/.exec(version) ?? []).map(
    Number,
  );
  if (major > 0 || minor > 25) return "refuses";
  const isPlain = /^\d+\.\d+\.\d+$/.test(version);
  return isPlain && minor >= 17 && minor <= 20 ? "accepts" : "warns";
}

Deno.test("packages before 2 are told a library version that they accept", () => {
  for (const packageVersion of ["1.0.0-preview", "1.0.8", "1.3.0", "1.9.1"]) {
    assert.equal(judge(libraryVersionFor(packageVersion)), "accepts");
  }
});

Deno.test("later packages are told the present library", () => {
  const present = libraryVersionFor("4.0.0");
  assert.equal(judge(present), "refuses");
  for (const packageVersion of ["2.0.0-exp.1", "2.0.0", "3.0.0", "11.0.0"]) {
    assert.equal(libraryVersionFor(packageVersion), present);
  }
});
