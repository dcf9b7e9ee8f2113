import assert from "node:assert/strict";
import {
  ProgramMemory,
  sequenceMemory,
  stepMemory,
} from "../../lib/algo/program_memory.ts";
import { bindParameters } from "../../lib/nn/parameters.ts";
import { constant } from "../../lib/tensor/build.ts";
import { RandomGenerator } from "../../lib/util/random.ts";
import { assertClose } from "../support/closeness.ts";
import { valuesOf } from "../support/evaluate.ts";
import { normals } from "../support/random_arrays.ts";

const [inputs, hidden] = [3, 2];
const random = new RandomGenerator(4, "program memory");
const draw = (...shape: number[]) =>
  constant(normals(random, 1, shape).data, shape);
const scope = bindParameters({
  "lstm.input_weight": draw(inputs, 4 * hidden),
  "lstm.recurrent_weight": draw(hidden, 4 * hidden),
  "lstm.input_bias": draw(4 * hidden),
  "lstm.recurrent_bias": draw(4 * hidden),
}).at("lstm");

Deno.test("sequences remember what steps in turn remember", () => {
  const [sequences, length] = [2, 3];
  const code = normals(random, 1, [sequences * length, inputs]).data;
  const start = normals(random, 1, [sequences, 2 * hidden]).data;
  const all = sequenceMemory(constant(start, [sequences, 4]), length);
  const rows = constant(code, [sequences * length, inputs]);
  const outputs = valuesOf(all.remember(scope, rows));
  const after = valuesOf(all.after);
  for (let sequence = 0; sequence < sequences; sequence++) {
    let memory = start.slice(4 * sequence, 4 * sequence + 4);
    for (let step = 0; step < length; step++) {
      const row = sequence * length + step;
      const one = stepMemory(constant(memory, [1, 4]));
      const own = code.slice(row * inputs, (row + 1) * inputs);
      const output = one.remember(scope, constant(own, [1, inputs]));
      const said = outputs.slice(row * hidden, (row + 1) * hidden);
      assertClose(valuesOf(output), said, 1e-6);
      memory = Float32Array.from(valuesOf(one.after));
      assertClose(memory, after.slice(4 * row, 4 * row + 4), 1e-6);
    }
  }
});

Deno.test("what was not used has nothing to tell", () => {
  const memory = new ProgramMemory(() => assert.fail(), draw(1, 4));
  assert.throws(() => memory.after, TypeError);
});
