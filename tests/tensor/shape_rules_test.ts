import assert from "node:assert/strict";
import {
  abs,
  add,
  and,
  argMax,
  broadcast,
  cast,
  concat,
  constant,
  divide,
  equal,
  exp,
  gather,
  input,
  leakyRelu,
  less,
  lessOrEqual,
  log,
  makeNode,
  matmul,
  maximum,
  minimum,
  multiply,
  negate,
  not,
  or,
  reduceMax,
  reshape,
  scatterAdd,
  select,
  sigmoid,
  sign,
  slice,
  softmax,
  sqrt,
  stopGradient,
  subtract,
  sum,
  swish,
  tanh,
  transpose,
} from "../../lib/tensor/build.ts";
import type {
  DType,
  ImageOp,
  Node,
  OpName,
  ScanBody,
  Shape,
} from "../../lib/tensor/operation.ts";
import { imageShapeRules } from "../../lib/tensor/image_shape_rules.ts";
import { scan } from "../../lib/tensor/scan.ts";
import {
  broadcastShapes,
  sameShape,
  shapeRules,
} from "../../lib/tensor/shape_rules.ts";
import {
  flags,
  floats,
  integers,
  type ShapeCase,
  testShapes,
} from "../support/shape_cases.ts";

const unary = (operation: (x: Node) => Node): ShapeCase => ({
  accepts: [
    [operation(floats("n", 3)), ["n", 3], "float32"],
    [operation(floats(2, 0)), [2, 0], "float32"],
  ],
  rejects: [
    [() => operation(integers(3)), /\(float32\), got \(int32\)/],
    [() => operation(flags(3)), /\(float32\), got \(bool\)/],
  ],
});

const binary = (
  operation: (a: Node, b: Node) => Node,
  result: { dtype?: DType; takesIntegers: boolean },
): ShapeCase => {
  const ofIntegers = () => operation(integers(2), integers());
  const { takesIntegers, dtype } = result;
  return {
    accepts: [
      [operation(floats("n", 1), floats(3)), ["n", 3], dtype ?? "float32"],
      [operation(floats(), floats(2, 3)), [2, 3], dtype ?? "float32"],
      ...(takesIntegers
        ? [[ofIntegers(), [2], dtype ?? "int32"] as const]
        : []),
    ],
    rejects: [
      [() => operation(floats(2), floats(3)), /\[2\] and \[3\] do not/],
      [() => operation(floats("n"), floats("m")), /do not broadcast/],
      [() => operation(floats("n"), floats(3)), /do not broadcast/],
      [() => operation(flags(2), flags(2)), /got \(bool, bool\)/],
      [() => operation(floats(2), integers(2)), /got|mixes/],
      ...(takesIntegers ? [] : [[ofIntegers, /got \(int32, int32\)/] as const]),
    ],
  };
};

const logical = (operation: (a: Node, b: Node) => Node): ShapeCase => ({
  accepts: [[operation(flags(2, 1), flags(3)), [2, 3], "bool"]],
  rejects: [[() => operation(floats(2), flags(2)), /got \(float32, bool\)/]],
});

const reduction = (
  operation: (x: Node, axes?: number[], keepDims?: boolean) => Node,
): ShapeCase => ({
  accepts: [
    [operation(floats("n", 3)), [], "float32"],
    [operation(floats("n", 3), [0]), [3], "float32"],
    [operation(floats("n", 3), [1], true), ["n", 1], "float32"],
    [operation(floats("n", 3), []), ["n", 3], "float32"],
  ],
  rejects: [
    [() => operation(floats(2), [1]), /no axis 1 in \[2\]/],
    [() => operation(floats(2), [-1]), /no axis -1/],
    [() => operation(floats(2), [0.5]), /no axis 0.5/],
    [() => operation(floats(2, 2), [1, 1]), /axis 1 twice/],
    [() => operation(integers(2), [0]), /got \(int32\)/],
  ],
});

/** A scan over `[steps, 2]` that adds up rows, with parts exchanged. */
function scanNode(change: Partial<ScanBody> = {}, length = "steps"): Node {
  const { carry: { s } } = scan(
    { s: floats(2) },
    { v: input("v", ["steps", 2]) },
    ({ s }, { v }) => ({ carry: { s: add(s, v) }, outputs: { v } }),
  );
  const [node] = s.inputs as Node<"scan">[];
  return makeNode("scan", node.inputs, {
    body: { ...node.attributes.body, ...change },
    length,
    reverse: false,
  });
}

const carryOf = (shape: Shape, dtype: DType = "float32") => ({
  carry: [input("s", shape, dtype)],
});

const cases: { readonly [Op in Exclude<OpName, ImageOp>]: ShapeCase } = {
  input: {
    accepts: [[integers("n", 2), ["n", 2], "int32"]],
    rejects: [[() => makeNode("input", [], { name: "x" }), /own type/]],
  },
  constant: {
    accepts: [
      [constant(1), [], "float32"],
      [constant(new Int32Array(3)), [3], "int32"],
      [constant(new Uint8Array(6), [2, 3]), [2, 3], "bool"],
    ],
    rejects: [
      [() => constant(new Float32Array(5), [2, 3]), /5 values for shape/],
      [
        () => makeNode("constant", [], { data: new Float32Array(1) }),
        /own type/,
      ],
    ],
  },
  negate: unary(negate),
  exp: unary(exp),
  log: unary(log),
  sqrt: unary(sqrt),
  tanh: unary(tanh),
  sigmoid: unary(sigmoid),
  swish: unary(swish),
  leakyRelu: {
    accepts: unary(leakyRelu).accepts,
    rejects: [
      ...unary(leakyRelu).rejects,
      [() => leakyRelu(floats(2), 1), /slope 1/],
      [() => leakyRelu(floats(2), -0.5), /slope -0.5/],
    ],
  },
  abs: unary(abs),
  sign: unary(sign),
  add: binary(add, { takesIntegers: true }),
  subtract: binary(subtract, { takesIntegers: true }),
  multiply: binary(multiply, { takesIntegers: true }),
  divide: binary(divide, { takesIntegers: false }),
  maximum: binary(maximum, { takesIntegers: false }),
  minimum: binary(minimum, { takesIntegers: false }),
  less: binary(less, { dtype: "bool", takesIntegers: true }),
  lessOrEqual: binary(lessOrEqual, { dtype: "bool", takesIntegers: true }),
  equal: binary(equal, { dtype: "bool", takesIntegers: true }),
  and: logical(and),
  or: logical(or),
  not: {
    accepts: [[not(flags("n")), ["n"], "bool"]],
    rejects: [[() => not(floats(2)), /takes \(bool\), got \(float32\)/]],
  },
  select: {
    accepts: [
      [select(flags("n", 1), floats(3), floats()), ["n", 3], "float32"],
      [select(flags(), integers(2), integers(2)), [2], "int32"],
    ],
    rejects: [
      [() => select(floats(2), floats(2), floats(2)), /takes \(bool/],
      [() => select(flags(2), floats(2), integers(2)), /mixes/],
      [() => select(flags(2), floats(3), floats(3)), /do not broadcast/],
    ],
  },
  reduceSum: reduction(sum),
  reduceMax: reduction(reduceMax),
  argMax: {
    accepts: [
      [argMax(floats("n", 3)), ["n"], "int32"],
      [argMax(floats("n", 3), 0), [3], "int32"],
    ],
    rejects: [
      [() => argMax(floats(3), 1), /no axis 1/],
      [() => argMax(integers(3)), /got \(int32\)/],
    ],
  },
  softmax: {
    accepts: unary(softmax).accepts,
    rejects: [
      ...unary(softmax).rejects,
      [() => softmax(floats()), /softmax: needs an axis/],
    ],
  },
  matmul: {
    accepts: [
      [matmul(floats("n", 3), floats(3, 4)), ["n", 4], "float32"],
      [
        matmul(floats("n", 3), floats("n", 4), { transposeA: true }),
        [3, 4],
        "float32",
      ],
      [
        matmul(floats(5, 2, 3), floats(5, 4, 3), { transposeB: true }),
        [5, 2, 4],
        "float32",
      ],
    ],
    rejects: [
      [() => matmul(floats(2, 3), floats(4, 3)), /does not fit/],
      [() => matmul(floats(2, "k"), floats("j", 3)), /does not fit/],
      [() => matmul(floats(3), floats(3)), /ranks/],
      [() => matmul(floats(1, 2, 3), floats(3, 4)), /ranks/],
      [() => matmul(floats(1, 2, 3), floats(2, 3, 4)), /does not fit/],
      [() => matmul(integers(2, 3), integers(3, 2)), /got \(int32, int32\)/],
    ],
  },
  reshape: {
    accepts: [
      [reshape(floats("n", 6), [2, "n", 3]), [2, "n", 3], "float32"],
      [reshape(integers(1, 1), []), [], "int32"],
      [reshape(floats("n", 5, 2), ["5*n", 2]), ["5*n", 2], "float32"],
    ],
    rejects: [
      [() => reshape(floats(2, 3), [5]), /\[2, 3\] to \[5\]/],
      [() => reshape(floats("n", 2), [2]), /\[n, 2\] to \[2\]/],
      [() => reshape(floats("n", 2), ["m", 2]), /to \[m, 2\]/],
    ],
  },
  transpose: {
    accepts: [
      [transpose(floats("n", 2, 3), [2, 0, 1]), [3, "n", 2], "float32"],
      [transpose(integers(2, 3)), [3, 2], "int32"],
    ],
    rejects: [
      [() => transpose(floats(2, 3), [0]), /permutation 0 of rank 2/],
      [() => transpose(floats(2, 3), [1, 1]), /permutation 1,1/],
    ],
  },
  broadcast: {
    accepts: [
      [broadcast(floats(1, 3), ["n", 2, 3]), ["n", 2, 3], "float32"],
      [broadcast(flags(), [2]), [2], "bool"],
    ],
    rejects: [
      [() => broadcast(floats(2), [3]), /do not broadcast/],
      [() => broadcast(floats(2, 3), [3]), /\[2, 3\] to \[3\]/],
      [() => broadcast(floats(3), [1]), /\[3\] to \[1\]/],
    ],
  },
  slice: {
    accepts: [
      [slice(floats("n", 5), 1, 1, 3), ["n", 2], "float32"],
      [slice(integers(5), 0, 2, 2), [0], "int32"],
    ],
    rejects: [
      [() => slice(floats(5), 0, 3, 6), /3\.\.6 of 5/],
      [() => slice(floats(5), 0, -1, 2), /-1\.\.2 of 5/],
      [() => slice(floats(5), 0, 3, 2), /3\.\.2 of 5/],
      [() => slice(floats(5), 1, 0, 1), /no axis 1/],
      [() => slice(floats("m+n"), 0, "m", "2*n"), /m\.\.2\*n of m\+n/],
    ],
  },
  concat: {
    accepts: [
      [concat([floats("n", 2), floats("n", 3)], 1), ["n", 5], "float32"],
      [concat([integers(1), integers(2)], 0), [3], "int32"],
      [concat([floats("n"), floats(2), floats("n")], 0), ["2+2*n"], "float32"],
    ],
    rejects: [
      [() => concat([floats(2, 2), floats(3, 2)], 1), /\[3, 2\] beside/],
      [() => concat([floats(2), integers(2)], 0), /beside/],
      [() => concat([floats(2), floats(2, 1)], 0), /beside/],
      [() => concat([floats(2), floats(2)], 1), /no axis 1/],
      [() => concat([], 0), /needs an input/],
    ],
  },
  gather: {
    accepts: [
      [gather(floats(9, 4), integers("n", 2)), ["n", 2, 4], "float32"],
      [gather(integers("m"), integers()), [], "int32"],
    ],
    rejects: [
      [() => gather(floats(9, 4), floats(2)), /got \(float32, float32\)/],
      [() => gather(floats(), integers(2)), /needs rows/],
    ],
  },
  scatterAdd: {
    accepts: [
      [scatterAdd(integers("n"), floats("n", 4), 9), [9, 4], "float32"],
    ],
    rejects: [
      [() => scatterAdd(integers(2), floats(3, 4), 9), /do not match/],
      [() => scatterAdd(floats(2), floats(2, 4), 9), /got/],
      [() => scatterAdd(integers(2), integers(2), 9), /got/],
    ],
  },
  cast: {
    accepts: [[cast(flags("n", 2), "int32"), ["n", 2], "int32"]],
    rejects: [],
  },
  stopGradient: {
    accepts: [[stopGradient(integers("n")), ["n"], "int32"]],
    rejects: [],
  },
  scan: {
    accepts: [[scanNode(), [], "float32"]],
    rejects: [
      [
        () => scanNode(carryOf([3])),
        /"s" is float32\[3\] inside and float32\[2\]/,
      ],
      [() => scanNode(carryOf([2], "int32")), /int32\[2\] inside/],
      [() => scanNode({ nextCarry: [floats(3)] }), /and float32\[3\] else/],
      [() => scanNode({ nextCarry: [] }), /1 carries become 0/],
      [() => scanNode({ slices: [] }), /input count/],
      [
        () => scanNode({ slices: [floats(3)] }),
        /slices of float32\[steps, 2\]/,
      ],
      [
        () => scanNode({ slices: [integers(2)] }),
        /slices of float32\[steps, 2\]/,
      ],
      [() => scanNode({}, "others"), /slices of float32\[steps, 2\]/],
      [
        () => scanNode({ slices: [], captured: [floats(2)] }),
        /captured values/,
      ],
    ],
  },
  scanOutput: {
    accepts: [
      [makeNode("scanOutput", [scanNode()], { index: 0 }), [2], "float32"],
      [
        makeNode("scanOutput", [scanNode()], { index: 1 }),
        ["steps", 2],
        "float32",
      ],
    ],
    rejects: [
      [() => makeNode("scanOutput", [scanNode()], { index: 2 }), /output 2/],
      [() => makeNode("scanOutput", [floats()], { index: 0 }), /needs a scan/],
    ],
  },
};

Deno.test("every operation has cases of shapes", () => {
  const others = Object.keys(imageShapeRules);
  const operations = Object.keys(shapeRules).filter((op) =>
    !others.includes(op)
  );
  assert.deepEqual(Object.keys(cases).sort(), operations.sort());
});

testShapes(cases);

Deno.test("broadcasting aligns the last axes", () => {
  assert.deepEqual(broadcastShapes([3, 1], [2]), [3, 2]);
  assert.deepEqual(broadcastShapes([1, "n"], [4, 1]), [4, "n"]);
  assert.deepEqual(broadcastShapes([0], [1]), [0]);
  assert.throws(() => broadcastShapes([0], [2]), /do not broadcast/);
});

Deno.test("shapes are the same when all sizes are, names included", () => {
  assert(sameShape(["n", 2], ["n", 2]));
  assert(!sameShape(["n", 2], ["m", 2]));
  assert(!sameShape([2], [2, 2]));
});
