import assert from "node:assert/strict";
import { SourceComments } from "../../../lib/settings/legacy/source_comments.ts";

const text = `# the head

# of a
a: 1 # beside a
b: "#no" # beside b

# above c
#  and more
c: |
  # no comment
  text
d: [1, # in a list
  2]
e: a#b

# the foot
`;

Deno.test("comments by the lines they belong to, once each", () => {
  const comments = new SourceComments(text);
  assert.equal(comments.head(), " the head");
  assert.equal(comments.head(), undefined);
  assert.deepEqual(comments.take(4), {
    above: " of a",
    beside: " beside a",
    spaced: false,
  });
  assert.deepEqual(comments.take(4), { spaced: false });
  assert.equal(comments.beginning(), undefined);
  assert.deepEqual(comments.take(5), { beside: " beside b", spaced: false });
  assert.deepEqual(comments.take(9), {
    above: " above c\n  and more",
    spaced: true,
  });
  assert.deepEqual(comments.take(12), {
    beside: " in a list",
    spaced: false,
  });
  assert.deepEqual(comments.take(14), { spaced: false });
  assert.equal(comments.foot(), " the foot");
});

Deno.test("texts without comments, or with nothing else", () => {
  assert.equal(new SourceComments("").head(), undefined);
  assert.equal(new SourceComments("# x\na: 1").head(), undefined);
  assert.equal(new SourceComments("# x\na: 1").beginning(), " x");
  assert.equal(new SourceComments("a: 1").foot(), undefined);
  const windows = new SourceComments("# x\r\na: 1 # y\r\n");
  assert.equal(windows.beginning(), " x");
  assert.equal(windows.take(2).beside, " y");
});
