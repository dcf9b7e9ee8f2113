import assert from "node:assert/strict";
import { ExportedPolicy } from "../../support/exported_policy.ts";
import {
  entitySensor,
  networkSettings,
  vectorSensor,
} from "../../support/sensors.ts";
import { refusalAfter } from "./foreign_networks.ts";

const actions = { continuousSize: 2, discreteBranches: [] };

Deno.test("entities that are not told of the agent are read in another way", () => {
  const policy = new ExportedPolicy(
    networkSettings([entitySensor([4, 3]), vectorSensor(3)]),
    actions,
  );
  let agent: string | undefined;
  const message = refusalAfter(policy, ({ opType, input, output }) => {
    if (opType === "Clip") agent ??= output[0];
    // The agent's own layer sees nothing of it any more.
    return opType === "Gemm" && agent !== undefined && input[0] === agent
      ? { opType: "Concat", input: ["obs_1"], attribute: [] }
      : {};
  });
  assert.match(message, /found entities that are read in another way/);
});
