import assert from "node:assert/strict";
import {
  bindParameters,
  collectParameters,
  parameterInputs,
} from "../../lib/nn/parameters.ts";
import { residualSelfAttention } from "../../lib/nn/self_attention.ts";
import {
  concat,
  constant,
  input,
  square,
  sum,
} from "../../lib/tensor/build.ts";
import { gradient } from "../../lib/tensor/gradient.ts";
import { makeProgram } from "../../lib/tensor/program.ts";
import { RandomGenerator } from "../../lib/util/random.ts";
import { assertClose } from "../support/closeness.ts";
import { runLowered } from "../support/lowering.ts";
import { normals, randomWeights } from "../support/random_arrays.ts";

const [rows, entities, size] = [3, 4, 8];
const codes = input("codes", [rows, entities, size]);
const absent = input("absent", [rows, entities]);

const parameters = collectParameters((scope) => {
  const pooled = residualSelfAttention(scope.at("a"), [{ codes, absent }]);
  assert.deepEqual(pooled.shape, [rows, size]);
});
const random = new RandomGenerator(2, "attention");
const weights = randomWeights(parameters, random);
const values = normals(random, 1, [rows, entities, size]);

/** The mean over entities, and its gradients by everything. */
function attend(data: Float32Array, missing: readonly number[]) {
  const nodes = parameterInputs(parameters);
  const scope = bindParameters(nodes).at("a");
  const pooled = residualSelfAttention(scope, [{ codes, absent }]);
  const inputs = [...Object.values(nodes), codes];
  const slopes = gradient(sum(pooled), inputs);
  const program = makeProgram("attention", [...inputs, absent], {
    pooled,
    ...Object.fromEntries(slopes.map((node, i) => [`slope_${i}`, node])),
  });
  return runLowered(program, {
    ...weights,
    codes: { data, shape: [rows, entities, size] },
    absent: { data: Float32Array.from(missing), shape: [rows, entities] },
  });
}

Deno.test("weights: queries, keys and values in one, and the output", () => {
  const found = parameters.map(({ name, shape }) => `${name} [${shape}]`);
  assert.deepEqual(found, [
    "a.queries_keys_values.weight [8,24]",
    "a.queries_keys_values.bias [24]",
    "a.out.weight [8,8]",
    "a.out.bias [8]",
  ]);
});

Deno.test("weights begin with the deviation of root of 0.125 / size", () => {
  const codes = input("codes", [1, 2, 128]);
  const absent = input("absent", [1, 2]);
  const specs = collectParameters((scope) =>
    residualSelfAttention(scope.at("a"), [{ codes, absent }])
  );
  for (const { name, shape, initializer } of specs) {
    const values = initializer(shape, new RandomGenerator(1, name));
    const squares = values.reduce((sum, x) => sum + x * x, 0);
    const deviation = Math.sqrt(squares / values.length);
    const expected = name.endsWith("bias") ? 0 : 0.03125;
    assertClose([deviation], [expected], 0.0005, name);
  }
});

Deno.test("a row without entities gives zeros, forward and backward", () => {
  const missing = [1, 1, 1, 1, 0, 0, 0, 0, 1, 1, 1, 0];
  const outputs = attend(values.data, missing);
  const { data } = outputs.pooled;
  assert.deepEqual([...data.slice(0, size)], new Array(size).fill(0));
  assert(data.slice(size).some((value) => Number(value) !== 0));
  for (const [name, { data }] of Object.entries(outputs)) {
    assert(Array.from(data, Number).every(Number.isFinite), name);
  }
  const everywhere = attend(values.data, new Array(12).fill(1));
  for (const { data } of Object.values(everywhere)) {
    assert(Array.from(data, Number).every((value) => Math.abs(value) < 1e-6));
  }
});

Deno.test("absent entities do not count, whatever they hold", () => {
  const missing = [0, 1, 0, 1, 0, 0, 0, 1, 1, 0, 0, 0];
  const changed = values.data.slice();
  missing.forEach((is, i) => {
    if (is) changed.fill(7 + i, i * size, (i + 1) * size);
  });
  const [first, second] = [values.data, changed].map((data) =>
    attend(data, missing).pooled.data
  );
  assertClose(first, second, 1e-6);
});

Deno.test("the order of entities does not matter", () => {
  const missing = [0, 1, 0, 0, 0, 0, 0, 0, 1, 1, 0, 1];
  const order = [2, 0, 3, 1];
  const turned = values.data.slice();
  const turnedMissing = missing.slice();
  for (let row = 0; row < rows; row++) {
    order.forEach((from, to) => {
      const [source, target] = [from, to].map((i) => row * entities + i);
      const piece = values.data.subarray(source * size, (source + 1) * size);
      turned.set(piece, target * size);
      turnedMissing[target] = missing[source];
    });
  }
  const first = attend(values.data, missing).pooled.data;
  assertClose(attend(turned, turnedMissing).pooled.data, first, 2e-6);
});

Deno.test("batches of several sizes attend as each does alone", () => {
  const parts = [
    { codes: input("a", ["few", 2, size]), absent: input("a_no", ["few", 2]) },
    {
      codes: input("b", [2, 3, size]),
      absent: input("b_no", [2, 3]),
      sets: [[0, 1], [2, 1]],
    },
  ];
  const nodes = parameterInputs(parameters);
  const scope = bindParameters(nodes).at("a");
  const together = residualSelfAttention(scope, parts);
  assert.deepEqual(together.shape, ["4+few", size]);
  const alone = parts.map((part) => residualSelfAttention(scope, [part]));
  const inputs = parts.flatMap(({ codes, absent }) => [codes, absent]);
  const program = makeProgram("batches", [
    ...Object.values(nodes),
    ...inputs,
  ], {
    together,
    apart: concat(alone, 0),
    togetherSlope: gradient(sum(square(together)), [parts[0].codes])[0],
    apartSlope: gradient(sum(square(alone[0])), [parts[0].codes])[0],
  });
  const outputs = runLowered(program, {
    ...weights,
    a: normals(random, 1, [3, 2, size]),
    a_no: { data: Float32Array.of(0, 0, 0, 1, 0, 0), shape: [3, 2] },
    b: normals(random, 1, [2, 3, size]),
    b_no: { data: Float32Array.of(0, 0, 0, 0, 1, 0), shape: [2, 3] },
  });
  assert.deepEqual(outputs.together.shape, [7, size]);
  assertClose(outputs.together.data, outputs.apart.data, 1e-6);
  assertClose(outputs.togetherSlope.data, outputs.apartSlope.data, 1e-6);
  assert(
    outputs.apartSlope.data.some((value) => Math.abs(Number(value)) > 1e-3),
  );
});

Deno.test("where everybody is there it need not be said", () => {
  const nodes = parameterInputs(parameters);
  const scope = bindParameters(nodes).at("a");
  const [one, several] = [1, 3].map((n) => input(`codes_${n}`, [2, n, size]));
  const sets = [[0, 1], [2, 1]];
  const cases = [{ codes: one }, { codes: several }, { codes: several, sets }];
  const outputs = cases.flatMap((batch) => {
    const absent = constant(
      new Float32Array(2 * Number(batch.codes.shape[1])),
      [
        ...batch.codes.shape.slice(0, 2),
      ].map(Number),
    );
    return [batch, { ...batch, absent }].map((each) =>
      residualSelfAttention(scope, [each])
    );
  });
  const program = makeProgram("everybody", [
    ...Object.values(nodes),
    one,
    several,
  ], Object.fromEntries(outputs.map((node, i) => [`y${i}`, node])));
  const results = runLowered(program, {
    ...weights,
    codes_1: normals(random, 1, [2, 1, size]),
    codes_3: normals(random, 1, [2, 3, size]),
  });
  for (let i = 0; i < outputs.length; i += 2) {
    assertClose(results[`y${i}`].data, results[`y${i + 1}`].data, 1e-6);
  }
});
