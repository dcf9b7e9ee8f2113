import assert from "node:assert/strict";
import { ExportedPolicy } from "../../support/exported_policy.ts";
import { networkSettings, vectorSensor } from "../../support/sensors.ts";
import { refusalAfter } from "./foreign_networks.ts";

const actions = { continuousSize: 2, discreteBranches: [] };
const recurrent = new ExportedPolicy(
  networkSettings([vectorSensor(3)]),
  actions,
  { memorySize: 4 },
);
const goal = new ExportedPolicy(
  networkSettings([vectorSensor(3), vectorSensor(2, "goal")]),
  actions,
);

Deno.test("an LSTM with settings of its own is another network", () => {
  const message = refusalAfter(
    recurrent,
    ({ opType, attribute }) =>
      opType === "LSTM"
        ? { attribute: [...attribute, { name: "input_forget", type: 2, i: 1 }] }
        : {},
  );
  assert.match(message, /found an LSTM with other settings/);
});

Deno.test("a memory with its halves exchanged is another network", () => {
  const message = refusalAfter(recurrent, ({ opType, input }) => {
    if (opType !== "LSTM") return {};
    const [x, w, r, b, lengths, hidden, cell] = input;
    return { input: [x, w, r, b, lengths, cell, hidden] };
  });
  assert.match(message, /found an LSTM with other settings/);
});

Deno.test("something else than an LSTM is named", () => {
  const message = refusalAfter(
    recurrent,
    ({ opType }) => opType === "LSTM" ? { opType: "GRU" } : {},
  );
  assert.match(message, /found GRU where LSTM was expected/);
});

Deno.test("a generator of weights must be made of swish layers", () => {
  let sigmoids = 0;
  const message = refusalAfter(goal, ({ opType }) =>
    // The first is in the body, the second and third in the generator.
    opType === "Sigmoid" && ++sigmoids === 3 ? { opType: "Tanh" } : {});
  assert.match(message, /found another generator of weights/);
});
