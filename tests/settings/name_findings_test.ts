import assert from "node:assert/strict";
import { nameFindings } from "../../lib/settings/name_findings.ts";
import { refusal } from "./messages.ts";

Deno.test("names that cannot be folders", () => {
  const heads = (text: string) =>
    refusal(text).split("\n").filter((line) => /^run/.test(line));
  assert.deepEqual(
    heads('behaviors: {A: {}, a: {}, "../B": {}}').map((head) =>
      head.slice(0, 60)
    ),
    [
      "run.yaml:1:20: behaviors.a: differs from another behavior by",
      'run.yaml:1:27: behaviors."../B": the behavior\'s name leads t',
    ],
  );
  for (const name of ["..", "a/b", "nul"]) {
    assert.match(
      refusal(`checkpoint_settings: {run_id: ${name}}`),
      /checkpoint_settings\.run_id: the run id /,
    );
    assert.match(
      refusal(`checkpoint_settings: {initialize_from: ${name}}`),
      /initialize_from: the run to initialize from /,
    );
  }
});

Deno.test("two spellings of one character are one folder too", () => {
  const behaviors = { "K\u00f6ln": {}, "Ko\u0308ln": {} };
  const [finding, ...others] = nameFindings({ behaviors });
  assert.match(finding.what, /would share one folder/);
  assert.deepEqual(others, []);
});

Deno.test("names of parameters are texts of one line", () => {
  const environment_parameters = { "": 1, "a\0": 1, "a\n": 1, "a/b c": 1 };
  assert.deepEqual(
    nameFindings({ environment_parameters }).map(({ path }) => path[1]),
    ["", "a\0", "a\n"],
  );
});

Deno.test("what is no text is left to the schema", () => {
  assert.deepEqual(nameFindings({ checkpoint_settings: { run_id: 3 } }), []);
  assert.deepEqual(nameFindings({ behaviors: ["../A"] }), []);
  assert.deepEqual(nameFindings(null), []);
});
