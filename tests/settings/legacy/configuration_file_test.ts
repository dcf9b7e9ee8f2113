import assert from "node:assert/strict";
import {
  contentOf,
  placeOf,
  problemAt,
  readConfigurationFile,
  within,
} from "../../../lib/settings/legacy/configuration_file.ts";

Deno.test("origins lead to places in their file", () => {
  const file = readConfigurationFile("a:\n  b: [1, 2]\n", "old.yaml");
  const { value, origin } = contentOf(file);
  assert.deepEqual(value, { a: { b: [1, 2] } });
  const item = within(within(origin, "a"), "b", 1);
  const { line, column } = placeOf(item, false);
  assert.deepEqual([line, column], [2, 10]);
  assert.equal(placeOf(within(origin, "a", "b"), true).column, 3);
  const problem = problemAt(item, { what: "odd" });
  assert.equal(problem.path, "a.b[1]");
  assert.equal(problem.place?.line, 2);
  assert.ok(!("path" in problemAt(origin, { what: "odd" })));
});

Deno.test("JSON is read as it is, with tabs too", () => {
  const file = readConfigurationFile('{\n\t"a": [1,\n\t\t2e0]\n}\n', "a.json");
  assert.deepEqual(file.yaml.value, { a: [1, 2] });
});
