import assert from "node:assert/strict";
import { allCapabilities } from "../../../lib/env/unity/messages/envelope.ts";
import { dialectOf } from "./dialects.ts";

const hybrid = { continuousSize: 1, discreteBranches: [2] };
const base = ["base"] as const;

Deno.test("specs stand where the package and the trainer want them", () => {
  assert.equal(dialectOf("1.0.8").specFields, "legacy");
  assert.equal(dialectOf("3.0.0").specFields, "present");
  assert.equal(dialectOf("3.0.0", base).specFields, "both");
  assert.equal(dialectOf("1.0.8").actionFields, "legacy");
  assert.equal(dialectOf("3.0.0", base).actionFields, "present");
});

Deno.test("what one side does not know is refused with its name", () => {
  dialectOf("3.0.0").checkActions("A", hybrid);
  dialectOf("3.0.0", base).checkActions("A", {
    ...hybrid,
    continuousSize: 0,
  });
  assert.throws(
    () => dialectOf("3.0.0", base).checkActions("A", hybrid),
    /^UserError: A: The scene needs hybrid actions, which the trainer does not/,
  );
  assert.throws(
    () => dialectOf("1.0.8").checkActions("A", hybrid),
    /which package 1\.0\.8 of this player does not know/,
  );
});

Deno.test("both sides must know what is agreed on", () => {
  for (const capability of allCapabilities) {
    assert(dialectOf("2.0.0").agreesOn(capability));
    assert.equal(
      dialectOf("1.0.8").agreesOn(capability),
      capability === "base",
    );
    assert(!dialectOf("2.0.0", []).agreesOn(capability));
  }
});

Deno.test("groups are told of by packages that have them, to everybody", () => {
  assert(dialectOf("2.0.0", base).style.hasGroups);
  assert(!dialectOf("1.0.8").style.hasGroups);
});
