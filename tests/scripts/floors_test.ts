import assert from "node:assert/strict";
import { findProblems, type SourceFile } from "../../scripts/floors.ts";

function file(
  path: string,
  targets: readonly string[],
  text = "",
): SourceFile {
  const imports = targets.map((target, i) => ({ target, line: i + 1 }));
  return { path, text, imports };
}

/** Asserts that the import is refused with a line that has all the words. */
function assertRefused(path: string, target: string, ...words: string[]) {
  const problems = findProblems([file(path, [target])]);
  assert.equal(problems.length, 1, `${path} -> ${target}: ${problems}`);
  for (const word of [`${path}:1: `, ...words]) {
    assert.ok(problems[0].includes(word), `${word} in: ${problems[0]}`);
  }
}

Deno.test("imports that go down are fine", () => {
  assert.deepEqual(
    findProblems([
      file("lib/util/atomic_file.ts", ["lib/errors.ts", "node:path"]),
      file("lib/events.ts", ["lib/spec.ts", "lib/util/arrays.ts"]),
      file("lib/algo/ppo.ts", ["lib/nn/policy.ts", "lib/tensor/build.ts"]),
      file("lib/onnx/unity_model.ts", ["lib/nn/policy.ts"]),
      file("lib/data/rollout.ts", ["lib/env/env.ts"]),
      file("lib/train/loop.ts", ["lib/algo/ppo.ts", "lib/runtime/worker.ts"]),
      file("lib/store/run.ts", ["lib/store/paths.ts", "lib/events.ts"]),
      file("lib/api/start_run.ts", ["lib/store/run.ts", "lib/ui/console.ts"]),
      file("lib/api/version.ts", ["deno.json"]),
      file("cli.ts", ["lib/api/execute_command.ts"]),
    ]),
    [],
  );
});

Deno.test("an import that goes up is named with its line and the choice", () => {
  assert.deepEqual(
    findProblems([
      file("lib/util/a.ts", ["node:path", "lib/train/loop.ts"]),
      file("lib/spec.ts", ["lib/errors.ts"]),
    ]),
    [
      "lib/util/a.ts:2: util may not import lib/train/loop.ts, only errors",
      "lib/spec.ts:1: spec may not import lib/errors.ts, only nothing",
    ],
  );
});

Deno.test("pillars and machine stay apart, train sees no roof", () => {
  assertRefused("lib/tensor/a.ts", "lib/env/env.ts");
  assertRefused("lib/env/a.ts", "lib/tensor/build.ts");
  assertRefused("lib/data/a.ts", "lib/nn/layers.ts");
  assertRefused("lib/runtime/a.ts", "lib/onnx/lower.ts");
  assertRefused("lib/onnx/a.ts", "lib/runtime/session.ts");
  assertRefused("lib/train/a.ts", "lib/store/run_store.ts");
  assertRefused("lib/train/a.ts", "lib/ui/console.ts");
  assertRefused("lib/train/a.ts", "lib/api/start_run.ts");
  assertRefused("lib/store/a.ts", "lib/train/loop.ts");
  assertRefused("lib/ui/a.ts", "lib/store/run_store.ts");
  assertRefused("cli.ts", "lib/train/loop.ts");
});

Deno.test("the math pillar has an order of its own", () => {
  assertRefused("lib/tensor/a.ts", "lib/nn/layers.ts");
  assertRefused("lib/nn/a.ts", "lib/algo/ppo.ts");
  assertRefused("lib/nn/a.ts", "lib/onnx/lower.ts");
  assertRefused("lib/algo/a.ts", "lib/onnx/lower.ts");
  assertRefused("lib/onnx/a.ts", "lib/algo/ppo.ts");
});

Deno.test("nothing in lib imports tests, examples or scripts", () => {
  assertRefused("lib/util/a.ts", "tests/support/line_game.ts");
  assertRefused("lib/api/a.ts", "scripts/floors.ts");
  assertRefused("lib/api/a.ts", "examples/01_train_3dball.ts");
  assertRefused("mod.ts", "tests/support/line_game.ts");
  assertRefused("lib/api/a.ts", "cli.ts");
});

Deno.test("packages are imported where they belong", () => {
  const binding = "npm:/onnxruntime-node@1.30.0/dist/binding.js";
  assert.deepEqual(
    findProblems([
      file("lib/runtime/native_session.ts", [binding]),
      file("lib/env/unity/exchange_server.ts", ["npm:@grpc/grpc-js@1.14.7"]),
    ]),
    [],
  );
  assertRefused("lib/train/a.ts", binding, "onnxruntime-node", "lib/runtime");
  assertRefused("lib/env/a.ts", "npm:@grpc/grpc-js@1.14.7", "lib/env/unity");
  assertRefused("lib/util/a.ts", "npm:left-pad@1.0.0", "left-pad", "no place");
  assertRefused("lib/util/a.ts", "https://example.com/a.ts", "not an npm");
  assertRefused("lib/util/a.ts", "jsr:@std/path@1.0.0", "not an npm");
});

Deno.test("a new folder of lib needs a floor", () => {
  assertRefused("lib/rewards/a.ts", "lib/spec.ts", '"rewards"', "no floor");
});

Deno.test("words that lib must not hold are found with their line", () => {
  // Put together here, so that a search of this file finds nothing.
  const unfinished = "TO" + "DO";
  const text = `const a = 1;\n// ${unfinished}: more\nconsole.log(a);\n`;
  const found = findProblems([file("lib/nn/a.ts", [], text)]);
  assert.equal(found.length, 2);
  assert.ok(found[0].startsWith(`lib/nn/a.ts:2: "${unfinished}"`));
  assert.ok(found[1].startsWith('lib/nn/a.ts:3: "console.log("'));
  assert.equal(findProblems([file("lib/ui/a.ts", [], text)]).length, 1);
  assert.deepEqual(findProblems([file("scripts/a.ts", [], text)]), []);
});

Deno.test("a file may have 400 lines and no more", () => {
  const lines = (count: number) => "x\n".repeat(count);
  assert.deepEqual(findProblems([file("lib/nn/a.ts", [], lines(400))]), []);
  assert.deepEqual(findProblems([file("tests/a_test.ts", [], lines(401))]), [
    "tests/a_test.ts: 401 lines are more than 400",
  ]);
});
