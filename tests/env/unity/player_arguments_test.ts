import assert from "node:assert/strict";
import {
  chosenLogFile,
  playerArguments,
} from "../../../lib/env/unity/player_arguments.ts";

const plain = { port: 5005, noGraphics: false, logFile: null, args: [] };
const logFile = "/log/Player-0.log";

Deno.test("arguments come in the order of Unity's own trainer", () => {
  const args = ["--a", "b"];
  assert.deepEqual(
    playerArguments({ ...plain, args }),
    ["--mlagents-port", "5005", "--a", "b"],
  );
  assert.deepEqual(
    playerArguments({ ...plain, args, noGraphics: true, logFile }),
    [
      ...["-nographics", "-batchmode"],
      ...["--mlagents-port", "5005"],
      ...["-logFile", logFile],
      ...["--a", "b"],
    ],
  );
  assert.equal(chosenLogFile({ ...plain, args, logFile }), logFile);
});

Deno.test("a log file that the user has chosen stays", () => {
  const args = ["-LOGFILE", "mine.log", "-x"];
  assert.deepEqual(
    playerArguments({ ...plain, logFile, args }),
    ["--mlagents-port", "5005", ...args],
  );
  assert.equal(chosenLogFile({ ...plain, logFile, args }), "mine.log");
});

Deno.test("a log on the standard output is no file", () => {
  for (const args of [["-logfile"], ["-logFile", "-"], ["-logFile", "-x"]]) {
    assert.equal(chosenLogFile({ ...plain, logFile, args }), null);
  }
});
