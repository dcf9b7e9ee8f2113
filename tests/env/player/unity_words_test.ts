import assert from "node:assert/strict";
import {
  readUnityWords,
  workerOf,
} from "../../../lib/env/player/unity_words.ts";

const read = (line: string) => readUnityWords(line.split(" "));

Deno.test("the last port of two words wins", () => {
  const cases: [string, number | null][] = [
    ["--mlagents-port 5005", 5005],
    ["-nographics --mlagents-port 1 x --mlagents-port 2 -y", 2],
    ["--mlagents-port=5005", null],
    ["", null],
    ["--mlagents-port", null],
    ["--mlagents-port 5005 --mlagents-port", null],
    ["--mlagents-port five", null],
    ["--mlagents-port 65536", null],
    ["--mlagents-port 0", null],
  ];
  for (const [line, port] of cases) {
    assert.equal(read(line).port, port, line);
  }
});

Deno.test("the log's name is taken however it is spelt", () => {
  assert.equal(read("-logFile /tmp/a.log").logFile, "/tmp/a.log");
  assert.equal(read("-logfile b").logFile, "b");
  assert.equal(read("-nographics").logFile, null);
});

Deno.test("the log's name tells which of several players it is", () => {
  assert.equal(workerOf("/run/logs/Player-12.log"), 12);
  assert.equal(workerOf("Player.log"), 0);
  assert.equal(workerOf(null), 0);
});
