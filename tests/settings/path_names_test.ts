import assert from "node:assert/strict";
import { UserError } from "../../lib/errors.ts";
import {
  checkBehaviorName,
  checkRunId,
  refuseName,
} from "../../lib/settings/path_names.ts";

Deno.test("plain names are fit", () => {
  const fit = [
    "3dball",
    "3DBall",
    "My Behavior",
    "a.b",
    "...x",
    "Köln",
    "球",
    "a-b_c",
    "con-1",
    "comet",
  ];
  for (const name of fit) {
    assert.equal(checkRunId(name), null, name);
    assert.equal(checkBehaviorName(name), null, name);
  }
});

Deno.test("names that lead elsewhere or nowhere are not", () => {
  const unfit: Record<string, RegExp> = {
    "": /is empty/,
    ".": /no folder of its own/,
    "..": /no folder of its own/,
    "../x": /leads to another folder/,
    "/tmp": /leads to another folder/,
    "a\\b": /leads to another folder/,
    "C:x": /contains one of/,
    "a\nb": /control characters/,
    "a\x7f": /control characters/,
    "a\0": /control characters/,
    "what?": /contains one of/,
    "con": /device name/,
    "NUL.txt": /device name/,
    "Com1": /device name/,
    "a.": /blank or full stop/,
    " a": /blank/,
    "a ": /blank/,
    ["é".repeat(76)]: /longer than 150 bytes/,
    ["x".repeat(300)]: /longer than 150 bytes/,
    "a\ud800": /half a character/,
  };
  for (const [name, reason] of Object.entries(unfit)) {
    const run = checkRunId(name);
    assert.match(run?.what ?? "none", reason, JSON.stringify(name));
    assert.ok(run?.what.startsWith("the run id "));
    const behavior = checkBehaviorName(name);
    assert.match(behavior?.what ?? "none", reason, JSON.stringify(name));
    assert.match(behavior?.cure ?? "none", /Behavior Parameters/);
  }
});

Deno.test("names of other parts of a run are not a behavior's", () => {
  for (const name of ["run_logs", "RUN.LOCK", "metadata", "A.onnx"]) {
    assert.match(
      checkBehaviorName(name)?.what ?? "none",
      /names another part of the results/,
    );
    assert.equal(checkRunId(name), null);
  }
});

Deno.test("a found problem is thrown, none is not", () => {
  refuseName(null);
  assert.throws(() => refuseName(checkRunId("..")), UserError);
});
