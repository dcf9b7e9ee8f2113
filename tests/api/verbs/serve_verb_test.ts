import assert from "node:assert/strict";
import { parseCommandLine } from "../../../lib/api/command_line.ts";
import { refusal } from "../refusal.ts";

Deno.test("serve takes what Unity players are started with", () => {
  const line = "serve sim:3DBall -nographics -batchmode --mlagents-port 5006 " +
    "-logFile /x --seed 3 -help";
  assert.deepEqual(parseCommandLine(line.split(" ")), {
    kind: "serve",
    simulator: "sim:3DBall",
    port: 5006,
    args: [
      "-nographics",
      "-batchmode",
      "-logFile",
      "/x",
      "--seed",
      "3",
      "-help",
    ],
  });
  assert.deepEqual(parseCommandLine(["serve", "sim:Basic"]), {
    kind: "serve",
    simulator: "sim:Basic",
    port: 5004,
    args: [],
  });
});

Deno.test("serve refuses what it cannot serve", () => {
  assert.match(refusal("serve"), /missing required argument 'simulator'/);
  assert.match(refusal("serve 3DBall"), /found 3DBall; allowed: sim:NAME/);
  assert.match(
    refusal("serve sim:3DBall --mlagents-port 99999"),
    /--mlagents-port: out of range \(found "99999"; allowed: .* 65535\)/,
  );
});
