import assert from "node:assert/strict";
import { ExportedPolicy } from "../../support/exported_policy.ts";
import {
  networkSettings,
  vectorSensor,
  visualSensor,
} from "../../support/sensors.ts";
import { refusalAfter } from "./foreign_networks.ts";

const actions = { continuousSize: 2, discreteBranches: [] };
const exported = (
  sensors: Parameters<typeof networkSettings>[0],
  normalize = true,
) => new ExportedPolicy(networkSettings(sensors), actions, { normalize });

Deno.test("sensors in another order belong to another behavior", () => {
  const policy = exported([vectorSensor(3), vectorSensor(3)]);
  const message = refusalAfter(
    policy,
    ({ opType, input }) =>
      opType === "Concat" ? { input: input.toReversed() } : {},
  );
  assert.match(message, /found observations in another order/);
});

Deno.test("a sensor that is changed in another way is named", () => {
  const policy = exported([vectorSensor(3), vectorSensor(3)]);
  const message = refusalAfter(
    policy,
    ({ opType, attribute }) =>
      opType === "Clip" && attribute.some(({ f }) => f === 5)
        ? { opType: "Tanh", attribute: [] }
        : {},
  );
  assert.match(message, /found Tanh where Clip was expected/);
});

Deno.test("other limits than those of the normalizer are told", () => {
  const policy = exported([vectorSensor(3)]);
  const message = refusalAfter(
    policy,
    ({ opType, attribute }) =>
      opType === "Clip" && attribute.some(({ f }) => f === 5)
        ? {
          attribute: attribute.map((each) => ({
            ...each,
            f: 2 * (each.f ?? 0),
          })),
        }
        : {},
  );
  assert.match(message, /a Clip to -10\.\.10 where -5\.\.5 was expected/);
});

Deno.test("images read by other kernels are told by their shapes", () => {
  const policy = exported([visualSensor([3, 20, 24])]);
  // Without the second convolution.
  let first: string | undefined;
  const message = refusalAfter(policy, ({ opType, input, output }) => {
    if (opType === "LeakyRelu") first ??= output[0];
    return opType === "Reshape" && first !== undefined
      ? { input: [first, input[1]] }
      : {};
  });
  assert.match(message, /images read by weights of the shapes \[16, 3, 8, 8\]/);
});

Deno.test("observations that meet before the body are refused", () => {
  const policy = exported([vectorSensor(3), vectorSensor(3)]);
  let mixed = false;
  const message = refusalAfter(policy, ({ opType, input }) => {
    if (opType !== "Sub" || mixed || input[0] !== "obs_1") return {};
    mixed = true;
    return { input: ["obs_1", "obs_0"] };
  });
  assert.match(message, /observations that are mixed before the body/);
});
