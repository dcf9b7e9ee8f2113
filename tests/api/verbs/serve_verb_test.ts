import assert from "node:assert/strict";
import { parseCommandLine } from "../../../lib/api/command_line.ts";
import { refusal } from "../refusal.ts";

const plain = {
  kind: "serve",
  packageVersion: "3.0.0",
  ids: "stable",
  troubles: [],
  record: null,
};

Deno.test("serve leaves Unity's words to the player", () => {
  const words = "-nographics -batchmode --mlagents-port 5006 -logFile /x " +
    "--seed 3 -help --mlagents-port=7";
  assert.deepEqual(
    parseCommandLine(["serve", "sim:3DBall", ...words.split(" ")]),
    { ...plain, world: "sim:3DBall", words: words.split(" ") },
  );
  assert.deepEqual(
    parseCommandLine(["serve", "sim:Basic"]),
    { ...plain, world: "sim:Basic", words: [] },
  );
});

Deno.test("serve takes switches before and behind Unity's words", () => {
  const line = "serve scene:Visual --package 2.0.0 --trouble big@3 " +
    "--mlagents-port 5006 --trouble crash:2@4,worker=1 --record r.jsonl " +
    "--ids episode --trouble ignore-quit";
  assert.deepEqual(parseCommandLine(line.split(" ")), {
    kind: "serve",
    world: "scene:Visual",
    packageVersion: "2.0.0",
    ids: "episode",
    troubles: ["big@3", "crash:2@4,worker=1", "ignore-quit"],
    record: "r.jsonl",
    words: ["--mlagents-port", "5006"],
  });
});

Deno.test("serve refuses what it does not know", () => {
  assert.match(refusal("serve"), /missing required argument 'world'/);
  assert.match(refusal("serve sim:Basic --ids often"), /stable, episode/);
});

Deno.test("the help names scenes and kinds of trouble", () => {
  const command = parseCommandLine(["serve", "--help"]);
  assert(command.kind === "help");
  assert.match(command.text, /scene:Vectors/);
  assert.match(command.text, /nan-observation/);
});
