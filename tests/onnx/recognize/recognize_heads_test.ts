import assert from "node:assert/strict";
import { ExportedPolicy } from "../../support/exported_policy.ts";
import { networkSettings, vectorSensor } from "../../support/sensors.ts";
import { refusalAfter } from "./foreign_networks.ts";

const settings = networkSettings([vectorSensor(3)]);
const continuous = new ExportedPolicy(settings, {
  continuousSize: 2,
  discreteBranches: [],
});
const hybrid = new ExportedPolicy(settings, {
  continuousSize: 2,
  discreteBranches: [3, 2],
});

Deno.test("actions with other limits are not PPO's", () => {
  const message = refusalAfter(
    continuous,
    ({ opType, attribute }) =>
      opType === "Clip"
        ? {
          attribute: attribute.map((each) => ({
            ...each,
            f: (each.f ?? 0) / 3,
          })),
        }
        : {},
  );
  assert.match(message, /found a Clip to -1\.\.1 where -3\.\.3 was expected/);
});

Deno.test("noise must be added to a mean", () => {
  const message = refusalAfter(
    continuous,
    ({ opType, output }) => opType === "Add" ? { opType: "Sub", output } : {},
  );
  assert.match(message, /found Sub where Add was expected/);
});

Deno.test("heads must read one and the same code", () => {
  const codes: string[] = [];
  const message = refusalAfter(hybrid, ({ opType, input }) => {
    if (opType !== "Gemm") return {};
    codes.push(input[0]);
    // Two layers, then two heads: the last one skips a layer.
    return codes.length === 4 ? { input: [codes[1], ...input.slice(1)] } : {};
  });
  assert.match(message, /heads that read different codes/);
});
