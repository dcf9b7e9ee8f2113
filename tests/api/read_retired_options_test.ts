import assert from "node:assert/strict";
import { readRetiredOptions } from "../../lib/api/read_retired_options.ts";

/** Reads options that are given by their flags. */
const read = (given: Record<string, unknown>) =>
  readRetiredOptions((flags) => given[flags]);

Deno.test("nothing given, nothing said", () => {
  assert.deepEqual(read({}), {
    run: {},
    everyBehavior: {},
    beside: {},
    portOffset: 0,
    warnings: [],
    problems: [],
  });
});

Deno.test("what is taken warns and sets", () => {
  const { run, everyBehavior, warnings, problems } = read({
    "--slow": true,
    "--save-freq <n>": "5e3",
  });
  assert.deepEqual(run, { engine_settings: { time_scale: 1 } });
  assert.deepEqual(everyBehavior, { checkpoint_interval: 5000 });
  assert.deepEqual(warnings.map(({ path }) => path), ["--slow", "--save-freq"]);
  assert.deepEqual(problems, []);
});

Deno.test("what is harmless is silent, the rest of it a problem", () => {
  const { warnings, problems } = read({
    "--lesson <n>": "0",
    "--num-runs <n>": "2",
    "--keep-checkpoints <n>": "many",
  });
  assert.deepEqual(warnings.map(({ path }) => path), ["--keep-checkpoints"]);
  assert.deepEqual(problems.map(({ path, what }) => [path, what]), [
    ["--keep-checkpoints", "wrong kind of value"],
    ["--num-runs", "is no option any more"],
  ]);
});

Deno.test("files and ports", () => {
  const { beside, portOffset } = read({
    "--curriculum <path>": "c",
    "--sampler <file>": "s",
    "--worker-id <n>": "3",
  });
  assert.deepEqual(beside, { curriculum: "c", sampler: "s" });
  assert.equal(portOffset, 3);
});
