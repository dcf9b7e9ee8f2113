import assert from "node:assert/strict";
import { hyperparameterText } from "../../lib/store/hyperparameter_text.ts";

Deno.test("hyperparameterText indents nested maps and spells values", () => {
  const text = hyperparameterText({
    trainer_type: "ppo",
    hyperparameters: { learning_rate: 0.0003, shared_critic: false },
    network_settings: { memory: null, deep: { normalize: true } },
    list: [1, "a", null],
  });
  assert.equal(
    text,
    [
      "\ttrainer_type:\tppo",
      "\thyperparameters:\t",
      "\t  learning_rate:\t0.0003",
      "\t  shared_critic:\tFalse",
      "\tnetwork_settings:\t",
      "\t  memory:\tNone",
      "\t  deep:\t",
      "\t    normalize:\tTrue",
      "\tlist:\t[1, a, None]",
    ].join("\n"),
  );
});
