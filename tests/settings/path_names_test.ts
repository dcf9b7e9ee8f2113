import assert from "node:assert/strict";
import { checkPathName } from "../../lib/settings/path_names.ts";

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
  for (const name of fit) assert.equal(checkPathName(name, "it"), null, name);
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
    [`${"é".repeat(76)}`]: /longer than 150 bytes/,
  };
  for (const [name, reason] of Object.entries(unfit)) {
    const problem = checkPathName(name, "the run id");
    assert.match(problem?.what ?? "none", reason, JSON.stringify(name));
    assert.ok(problem?.what.startsWith("the run id "));
  }
});
