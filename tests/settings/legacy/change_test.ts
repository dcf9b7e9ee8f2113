import assert from "node:assert/strict";
import {
  type Change,
  describeChange,
} from "../../../lib/settings/legacy/change.ts";

const change = (rest: Partial<Change>): string =>
  describeChange({
    kind: "moved",
    place: { file: "old.yaml", line: 3, column: 5 },
    from: ["Cat", "gamma"],
    to: [],
    ...rest,
  });

Deno.test("each kind of change has its sentence", () => {
  const to = [["behaviors", "Cat", "x"]];
  assert.equal(change({ to }), "old.yaml:3: Cat.gamma -> behaviors.Cat.x");
  assert.equal(
    change({ to: [...to, ["y"], ["z"]], value: "linear", why: "because" }),
    "old.yaml:3: Cat.gamma -> behaviors.Cat.x and 2 more like it: linear " +
      "(because)",
  );
  assert.equal(
    change({ kind: "added", to, value: 1, why: "the default then" }),
    "old.yaml:3: added behaviors.Cat.x: 1 (the default then)",
  );
  assert.equal(
    change({ kind: "dropped", why: "unread" }),
    "old.yaml:3: Cat.gamma dropped: unread",
  );
  assert.equal(
    change({ kind: "lost", why: "no like" }),
    "old.yaml:3: Cat.gamma could not be carried over: no like",
  );
  assert.equal(
    change({ kind: "noted", why: "look" }),
    "old.yaml:3: Cat.gamma: look",
  );
  assert.equal(
    change({ kind: "noted", from: [], why: "look" }),
    "old.yaml:3: the file: look",
  );
});
