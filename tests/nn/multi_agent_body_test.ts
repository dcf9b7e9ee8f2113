import assert from "node:assert/strict";
import { UserError } from "../../lib/errors.ts";
import {
  checkMultiAgentBody,
  groupFullness,
  memberDecision,
  memberState,
  multiAgentBody,
} from "../../lib/nn/multi_agent_body.ts";
import {
  bindParameters,
  collectParameters,
  parameterInputs,
  type ParameterScope,
} from "../../lib/nn/parameters.ts";
import {
  concat,
  input,
  mean,
  type Nodes,
  reshape,
  slice,
  square,
  subtract,
  sum,
} from "../../lib/tensor/build.ts";
import { gradient } from "../../lib/tensor/gradient.ts";
import { interpret } from "../../lib/tensor/interpret.ts";
import type { Node } from "../../lib/tensor/operation.ts";
import { makeProgram } from "../../lib/tensor/program.ts";
import { RandomGenerator } from "../../lib/util/random.ts";
import { assertClose } from "../support/closeness.ts";
import { matrix, valuesOf } from "../support/evaluate.ts";
import { fit } from "../support/fit.ts";
import { runLowered } from "../support/lowering.ts";
import { PlainNetwork } from "../support/plain_network.ts";
import { normals, randomWeights } from "../support/random_arrays.ts";

const size = 8;
const settings = { hidden_units: size, num_layers: 2 };
const [observed, acted] = [3, 2];
const [groups, places] = [2, 3];

/** A group's first member by its state, the others with their actions. */
function groupBody(
  scope: ParameterScope,
  { codes: observed, actions, absent }: Nodes,
): Node {
  const [groups, places] = observed.shape.map(Number);
  const rows = (x: Node) =>
    reshape(x, [groups * places, Number(x.shape.at(-1))]);
  const members = (x: Node) => reshape(x, [groups, places, size]);
  const states = members(memberState(scope, rows(observed), size));
  const decisions = members(
    memberDecision(scope, rows(observed), rows(actions), size),
  );
  const all = [slice(states, 1, 0, 1), slice(decisions, 1, 1, places)];
  const codes = concat(all, 1);
  return multiAgentBody(scope, [{ codes, absent }], settings);
}

const inputs = {
  codes: input("codes", [groups, places, observed]),
  actions: input("actions", [groups, places, acted]),
  absent: input("absent", [groups, places]),
};
const parameters = collectParameters((scope) =>
  groupBody(scope.at("c"), inputs)
);
const random = new RandomGenerator(3, "groups");
const weights = randomWeights(parameters, random);
const codes = normals(random, 1, [groups, places, observed]);
const actions = normals(random, 1, [groups, places, acted]);

const run = (
  feeds: { codes: Float32Array; actions: Float32Array; absent: number[] },
  interpreted = false,
) => {
  const nodes = parameterInputs(parameters);
  const code = groupBody(bindParameters(nodes).at("c"), inputs);
  const wanted = [...Object.values(nodes), inputs.codes, inputs.actions];
  const slopes = gradient(sum(square(code)), wanted);
  const program = makeProgram("group", [...wanted, inputs.absent], {
    code,
    ...Object.fromEntries(slopes.map((node, i) => [`slope_${i}`, node])),
  });
  const arrays = {
    ...weights,
    codes: { ...codes, data: feeds.codes },
    actions: { ...actions, data: feeds.actions },
    absent: {
      data: Float32Array.from(feeds.absent),
      shape: [groups, places],
    },
  };
  return interpreted
    ? interpret(program, arrays, "float64")
    : runLowered(program, arrays);
};

Deno.test("weights of a multi-agent body and their first deviations", () => {
  const names = parameters.map(({ name, shape }) => `${name} [${shape}]`);
  assert.deepEqual(names, [
    "c.state.weight [3,8]",
    "c.state.bias [8]",
    "c.decision.weight [5,8]",
    "c.decision.bias [8]",
    "c.attention.queries_keys_values.weight [8,24]",
    "c.attention.queries_keys_values.bias [24]",
    "c.attention.out.weight [8,8]",
    "c.attention.out.bias [8]",
    "c.body.0.weight [8,8]",
    "c.body.0.bias [8]",
    "c.body.1.weight [8,8]",
    "c.body.1.bias [8]",
  ]);
  for (const { name, initializer } of parameters) {
    const values = initializer([size, 5000], new RandomGenerator(1, name));
    const squares = values.reduce((sum, x) => sum + x * x, 0);
    const deviation = Math.sqrt(squares / values.length);
    const expected = name.endsWith("bias")
      ? 0
      // Root of 0.125 / 8, or root of 0.125 over 8 in the dense layers.
      : name.includes("body")
      ? 0.044194
      : 0.125;
    assertClose([deviation], [expected], 0.002, name);
  }
});

Deno.test("codes are those of plain sums, one member after the other", () => {
  const plain = new PlainNetwork(weights);
  const absent = [0, 0, 0, 0, 1, 0];
  const { code } = run({ codes: codes.data, actions: actions.data, absent });
  const swish = (x: number) => x / (1 + Math.exp(-x));
  for (let group = 0; group < groups; group++) {
    const rowOf = (
      { data }: { data: Float32Array },
      i: number,
      n: number,
    ) => [
      ...data.slice((group * places + i) * n, (group * places + i + 1) * n),
    ];
    const members = [0, 1, 2].map((i) => {
      const own = rowOf(codes, i, observed);
      return i === 0
        ? plain.dense("c.state", own).map(swish)
        : plain.dense("c.decision", [...own, ...rowOf(actions, i, acted)])
          .map(swish);
    });
    const present = absent.slice(group * places, (group + 1) * places)
      .map((each) => each === 0);
    let expected = plain.attention("c.attention", members, present);
    for (const layer of [0, 1]) {
      expected = plain.dense(`c.body.${layer}`, expected).map(swish);
    }
    const found = code.data.slice(group * size, (group + 1) * size);
    assertClose(found, expected, 1e-5, `group ${group}`);
  }
});

Deno.test("the gradient is the slope, compiled as interpreted", () => {
  const feeds = {
    codes: codes.data,
    actions: actions.data,
    absent: [0, 0, 1, 0, 1, 1],
  };
  const compiled = run(feeds);
  const exact = run(feeds, true);
  for (const [name, { data }] of Object.entries(exact)) {
    assertClose(compiled[name].data, data, 1e-4, name);
  }
  // The last two slopes are by codes and actions.
  const squaresAt = (change: { codes?: number; actions?: number }) => {
    const moved = (data: Float32Array, step = 0) =>
      data.map((x, i) => i === 0 ? x + step : x);
    const { code } = run({
      ...feeds,
      codes: moved(codes.data, change.codes),
      actions: moved(actions.data, change.actions),
    }, true);
    return Array.from(code.data, Number).reduce((total, x) => total + x * x, 0);
  };
  const step = 1e-3;
  const slope = (squaresAt({ codes: step }) - squaresAt({ codes: -step })) /
    (2 * step);
  const count = parameters.length;
  const byCodes = Number(exact[`slope_${count}`].data[0]);
  assertClose([byCodes], [slope], 1e-3 * Math.abs(slope) + 1e-6);
  // Nobody asks what the first member does.
  assert.equal(Number(exact[`slope_${count + 1}`].data[0]), 0);
});

Deno.test("absent members count nothing, whatever stands in their place", () => {
  const absent = [0, 1, 0, 0, 1, 1];
  const changed = (data: Float32Array, width: number) => {
    const copy = data.slice();
    absent.forEach((is, i) => {
      if (is) copy.fill(9, i * width, (i + 1) * width);
    });
    return copy;
  };
  const first = run({ codes: codes.data, actions: actions.data, absent });
  const second = run({
    codes: changed(codes.data, observed),
    actions: changed(actions.data, acted),
    absent,
  });
  for (const [name, { data }] of Object.entries(first)) {
    assertClose(second[name].data, data, 1e-5, name);
  }
});

Deno.test("one member alone is a group", () => {
  const alone = run({
    codes: codes.data,
    actions: actions.data,
    absent: [0, 1, 1, 0, 1, 1],
  });
  for (const [name, { data }] of Object.entries(alone)) {
    assert(Array.from(data, Number).every(Number.isFinite), name);
  }
  const own = matrix([...codes.data.slice(0, observed)]);
  const single = collectParameters((scope) => {
    const state = memberState(scope, own, size);
    const codes = reshape(state, [1, 1, size]);
    multiAgentBody(scope, [{ codes, absent: matrix([0]) }], settings);
  });
  assert(!single.some(({ name }) => name.includes("decision")));
});

const fullnessOf = (absent: Node, places: number) => {
  const codes = input("codes", [...absent.shape, size]);
  return valuesOf(groupFullness({ codes, absent }, places));
};

Deno.test("how full a group is, from above -1 to 1", () => {
  const absent = (present: number, places: number) =>
    matrix(Array.from({ length: places }, (_, i) => Number(i >= present)));
  const fullness = (present: number, places: number) =>
    fullnessOf(absent(present, places), places);
  assertClose(fullness(1, 1), [1], 1e-7);
  assertClose(fullness(4, 5), [0.6], 1e-7);
  assertClose(fullness(1, 10), [-0.8], 1e-7);
});

Deno.test("another group in the batch does not change how full one is (F-4)", () => {
  const small = [0, 0, 1, 1];
  const [alone] = fullnessOf(matrix(small), 4);
  const [beside] = fullnessOf(matrix(small, [0, 0, 0, 0]), 4);
  assert.equal(beside, alone);
  assert.equal(alone, 0);
  // Nor does it matter how many places it was padded to, or whether any.
  assert.deepEqual(fullnessOf(matrix([0, 0]), 4), [alone]);
  const codes = input("codes", [1, 2, size]);
  assert.deepEqual(valuesOf(groupFullness({ codes }, 4)), [alone]);
});

for (const hidden_units of [2, 30, 129]) {
  Deno.test(`${hidden_units} hidden units are refused by name (F-3)`, () => {
    assert.throws(
      () => checkMultiAgentBody({ hidden_units, num_layers: 1 }),
      (error: unknown) => {
        assert(error instanceof UserError);
        assert.match(error.message, /hidden_units/);
        assert.match(error.message, /a multiple of 4/);
        const cures = { 2: /Write 4\./, 30: /28 or 32/, 129: /128 or 132/ };
        assert.match(
          error.message,
          Object.entries(cures).find(([key]) => key === `${hidden_units}`)
            ?.[1] ?? /never/,
        );
        return true;
      },
    );
  });
}

Deno.test("hidden units that four heads can share are taken", () => {
  for (const hidden_units of [4, 32, 128, 132]) {
    checkMultiAgentBody({ hidden_units, num_layers: 1 });
  }
});

Deno.test("a body over three agents learns to say 1 everywhere", () => {
  for (const withActions of [false, true]) {
    const [steps, hidden] = [300, 128];
    const random = new RandomGenerator(1337, "ones");
    const repeated = (width: number) => {
      const { data } = normals(random, 1, [3, width]);
      const all = new Float32Array(steps * data.length);
      for (let i = 0; i < steps; i++) all.set(data, i * data.length);
      return { data: all, shape: [steps, 3, width] };
    };
    const losses = fit({
      columns: { codes: repeated(4), actions: repeated(2) },
      batch: 1,
      steps,
      rate: 3e-3,
      seed: 1,
      loss: (scope, { codes, actions }) => {
        const own = scope.at("c");
        const flat = (x: Node, width: number) => reshape(x, [3, width]);
        const each = withActions
          ? memberDecision(own, flat(codes, 4), flat(actions, 2), hidden)
          : memberState(own, flat(codes, 4), hidden);
        const body = multiAgentBody(
          own,
          [{ codes: reshape(each, [1, 3, hidden]), absent: matrix([0, 0, 0]) }],
          { hidden_units: hidden, num_layers: 2 },
        );
        return mean(square(subtract(body, 1)));
      },
    });
    // No output is off by more than the root of all squares together.
    const worst = Math.sqrt(hidden * losses[steps - 1]);
    assert(worst < 0.1, `${worst}, actions ${withActions}`);
  }
});
