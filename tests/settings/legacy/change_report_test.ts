import assert from "node:assert/strict";
import { describeChange } from "../../../lib/settings/legacy/change.ts";
import { reportChanges } from "../../../lib/settings/legacy/change_report.ts";
import {
  contentOf,
  type Origin,
  readConfigurationFile,
  within,
} from "../../../lib/settings/legacy/configuration_file.ts";
import { Draft } from "../../../lib/settings/legacy/draft.ts";

/** The lines about what `write` makes of a text. */
function report(
  text: string,
  write: (draft: Draft, origin: Origin) => void,
): string[] {
  const file = readConfigurationFile(text, "old.yaml");
  const { origin } = contentOf(file);
  const draft = new Draft(origin);
  write(draft, origin);
  return reportChanges([file], draft).map((change) =>
    describeChange(change).replace("old.yaml:", "")
  );
}

Deno.test("what is nowhere in the draft is named, part by part", () => {
  assert.deepEqual(
    report("a: 1\nb: {c: 2, d: 3}\n", (draft, origin) => {
      draft.set(["x"], 1, [within(origin, "a")]);
      draft.set(["y"], 5, [within(origin, "b", "c")], "halved");
    }),
    [
      "1: a -> x",
      "2: b.c -> y: 5 (halved)",
      "2: b.d dropped: the program of that time did not read it",
    ],
  );
});

Deno.test("what stands where it stood is not worth a word", () => {
  assert.deepEqual(
    report("a: {b: 1, c: [1, 2]}\nd: 2\n", (draft, origin) => {
      draft.set([], { a: { b: 1, c: [1, 2] }, d: 3 }, [origin]);
    }),
    ["2: d -> d: 3"],
  );
});

Deno.test("a fate is named once, for a mapping as a whole", () => {
  assert.deepEqual(
    report("a: {b: 1, c: 2}\nd: {e: 3}\nf: 4\n", (draft, origin) => {
      draft.report("lost", within(origin, "a"), "no like");
      draft.report("noted", within(origin, "d"), "look");
      draft.report("dropped", within(origin, "f"), "not this");
      draft.set(["e"], 3, [within(origin, "d", "e")]);
      draft.set(["f"], 4, [within(origin, "f")]);
    }),
    [
      "1: a could not be carried over: no like",
      "2: d: look",
      "2: d.e -> e",
    ],
  );
});

Deno.test("a list of which the items have places", () => {
  assert.deepEqual(
    report("a: [1, 2]\n", (draft, origin) => {
      draft.set(["x"], 1, [within(origin, "a", 0)]);
      draft.set(["y"], 2, [within(origin, "a", 1)]);
    }),
    ["1: a -> x and 1 more like it: 1"],
  );
});

Deno.test("the same addition to several behaviors is one line", () => {
  assert.deepEqual(
    report("A: 1\nB: 2\n", (draft, origin) => {
      for (const name of ["A", "B"]) {
        draft.set(["behaviors", name], {}, [within(origin, name)]);
        draft.add(["behaviors", name, "threaded"], true, "as then");
      }
      draft.add(["behaviors", "B", "beta"], 1, "as then");
      draft.add(["behaviors", "B", "gone"], 1, "as then");
      draft.remove(["behaviors", "B", "gone"]);
    }),
    [
      "1: A -> behaviors.A",
      "2: B -> behaviors.B",
      "1: added behaviors.A.threaded and 1 more like it: true (as then)",
      "2: added behaviors.B.beta: 1 (as then)",
    ],
  );
});
