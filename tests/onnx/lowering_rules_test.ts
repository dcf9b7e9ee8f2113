import assert from "node:assert/strict";
import {
  lowerProgram,
  runtimeTarget,
  unityTarget,
} from "../../lib/onnx/lower.ts";
import { loweringRules } from "../../lib/onnx/lowering_rules.ts";
import type { OpName } from "../../lib/tensor/operation.ts";
import { makeProgram } from "../../lib/tensor/program.ts";
import { assertLowersAlike } from "../support/lowering.ts";
import { operationSamples } from "../support/operation_samples.ts";
import { drawRows } from "../support/row_samples.ts";
import { Sampler } from "../support/sampler.ts";

const operations = Object.keys(loweringRules) as OpName[];
/** Operations that Unity's readers have no operator for, nor need one. */
const trainingOnly: readonly OpName[] = [
  "scatterAdd",
  "convolutionInputGradient",
  "convolutionWeightGradient",
  "maxUnpool",
];
const targets = { runtime: runtimeTarget, Unity: unityTarget };

for (const op of operations) {
  for (const [reader, target] of Object.entries(targets)) {
    if (trainingOnly.includes(op) && target === unityTarget) continue;
    Deno.test(`${op} means the same to the ${reader} target`, () => {
      for (let seed = 0; seed < 10; seed++) {
        const sampler = new Sampler({
          seed,
          symbolic: seed % 2 === 1,
          ties: seed % 3 === 0,
          ...(seed === 9 && { rows: 0 }),
        });
        const y = operationSamples[op](sampler);
        const program = makeProgram(op, sampler.inputs, { y });
        assertLowersAlike(program, sampler.feeds, target, `seed ${seed}`);
      }
    });
  }
}

Deno.test("rows are cut apart and put together as many as there are", () => {
  for (let seed = 0; seed < 24; seed++) {
    const rows = seed % 6 === 5 ? { rows: 0 } : {};
    const sampler = new Sampler({ seed, symbolic: seed % 4 > 0, ...rows });
    const program = makeProgram("rows", sampler.inputs, {
      y: drawRows(sampler),
    });
    const what = `seed ${seed}`;
    assertLowersAlike(program, sampler.feeds, runtimeTarget, what);
  }
});

Deno.test("scatterAdd is refused where the reader has no such operator", () => {
  const sampler = new Sampler({ seed: 1 });
  const y = operationSamples.scatterAdd(sampler);
  const program = makeProgram("scatter", sampler.inputs, { y });
  const lower = () => lowerProgram(program, unityTarget);
  assert.throws(lower, /scatterAdd needs operator set 16/);
});
