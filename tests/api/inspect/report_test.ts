import assert from "node:assert/strict";
import {
  actionText,
  listFacts,
  reportText,
  shapeText,
} from "../../../lib/api/inspect/report.ts";

Deno.test("facts and rows stand in columns, each as wide as it must be", () => {
  const text = reportText({
    title: "a thing",
    facts: [["size", "1"], ...listFacts("parts", ["left", "right"])],
    table: [["part", "n"], ["left", "12,000"], ["rightmost", "1"]],
  });
  assert.equal(
    text,
    `a thing

size   1
parts  left
       right

part       n
left       12,000
rightmost  1`,
  );
});

Deno.test("what is empty leaves no gap", () => {
  assert.equal(reportText({ title: "a", facts: [], table: [] }), "a");
  assert.deepEqual(listFacts("parts", []), []);
});

Deno.test("no terminal obeys a file's words", () => {
  const text = reportText({
    title: "a\u001b[31m",
    facts: [["name", "b\u0007\nc"]],
    table: [["d\r"]],
  });
  assert.equal(text, "a [31m\n\nname  b  c\n\nd");
});

Deno.test("shapes and actions in words", () => {
  assert.equal(shapeText([3, 84, 84]), "[3, 84, 84]");
  assert.equal(actionText(2, []), "2 continuous");
  assert.equal(actionText(0, [3, 2]), "discrete of 3 x 2 choices");
  assert.equal(actionText(0, null, 5), "discrete of 5 choices in all");
  assert.equal(actionText(1, [3]), "1 continuous and discrete of 3 choices");
});
