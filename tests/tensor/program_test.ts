import assert from "node:assert/strict";
import {
  add,
  constant,
  input,
  matmul,
  multiply,
  slice,
  sum,
} from "../../lib/tensor/build.ts";
import { isOp, type Node } from "../../lib/tensor/operation.ts";
import {
  makeProgram,
  orderBody,
  orderNodes,
  printProgram,
} from "../../lib/tensor/program.ts";
import { scan } from "../../lib/tensor/scan.ts";

const x = input("x", ["rows", 3]);

Deno.test("a program prints as one line per node", () => {
  const weight = input("weight", [3, 2]);
  const y = add(matmul(x, weight), constant(Float32Array.of(0.5, -1)));
  const program = makeProgram("dense", [x, weight], {
    y,
    first: slice(y, 1, 0, 1),
  });
  assert.equal(
    printProgram(program),
    `\
program dense
%0 = input "x" : float32[rows, 3]
%1 = input "weight" : float32[3, 2]
%2 = matmul(%0, %1) {transposeA=false, transposeB=false} : float32[rows, 2]
%3 = constant() {data=[0.5,-1]} : float32[2]
%4 = add(%2, %3) : float32[rows, 2]
%5 = slice(%4) {axis=1, start=0, end=1} : float32[rows, 1]
output "y" = %4
output "first" = %5
`,
  );
});

/** Sums of rows, scaled by a value from around the loop. */
function loop(scale: Node): Node {
  const { carry } = scan(
    { s: constant(0) },
    { row: x },
    ({ s }, { row }) => ({
      carry: { s: add(s, sum(multiply(row, scale))) },
      outputs: { row },
    }),
  );
  return carry.s;
}

Deno.test("a scan prints with its body", () => {
  const scale = input("scale", []);
  const program = makeProgram("loop", [x, scale], { y: loop(scale) });
  assert.equal(
    printProgram(program),
    `\
program loop
%0 = input "x" : float32[rows, 3]
%1 = input "scale" : float32[]
%2 = constant() {data=[0]} : float32[]
%3 = scan over rows
  carry %4 from %2
  slice %5 from %0
  %6 = multiply(%5, %1) : float32[3]
  %7 = reduceSum(%6) {axes=[0], keepDims=false} : float32[]
  %8 = add(%4, %7) : float32[]
  next %8
  stack %5
%9 = scanOutput(%3) {index=0} : float32[]
output "y" = %9
`,
  );
});

Deno.test("programs built alike print alike, others otherwise", () => {
  const program = (factor: number, name = "p") =>
    makeProgram(name, [x], { y: multiply(x, factor) });
  assert.equal(printProgram(program(2)), printProgram(program(2)));
  const others = [
    program(3),
    program(2, "q"),
    makeProgram("p", [x], { z: multiply(x, 2) }),
    makeProgram("p", [x], { y: add(x, 2) }),
    makeProgram("p", [x, input("more", [])], { y: multiply(x, 2) }),
  ];
  const texts = new Set(others.map(printProgram));
  assert.equal(texts.size, others.length);
  assert(!texts.has(printProgram(program(2))));
});

Deno.test("long constants and negative zeros tell programs apart", () => {
  const print = (data: Float32Array) =>
    printProgram(makeProgram("p", [], { y: constant(data) }));
  const long = new Float32Array(100);
  const other = long.slice();
  other[99] = 1e-30;
  assert.notEqual(print(long), print(other));
  assert.notEqual(print(Float32Array.of(0)), print(Float32Array.of(-0)));
});

Deno.test("nodes are ordered inputs first, each once", () => {
  const sums = add(x, x);
  const result = multiply(sums, x);
  assert.deepEqual(orderNodes([result, sums]), [x, sums, result]);
  assert.deepEqual(orderNodes([result], [x]), [sums, result]);
});

Deno.test("a body's nodes are those between its arguments and results", () => {
  const [node] = loop(input("scale", [])).inputs;
  assert(isOp(node, "scan"));
  const names = orderBody(node.attributes.body).map(({ op }) => op);
  assert.deepEqual(names, ["multiply", "reduceSum", "add"]);
});

Deno.test("programs with faults are refused by name", () => {
  const refuse = (
    reason: RegExp,
    inputs: readonly Node<"input">[],
    outputs: Record<string, Node>,
  ) => assert.throws(() => makeProgram("faulty", inputs, outputs), reason);

  refuse(/faulty: input "x" is not declared/, [], { y: add(x, 1) });
  const twin = input("x", ["rows", 3]);
  refuse(/input "x" is not declared/, [x], { y: add(x, twin) });
  refuse(/faulty: the name "x" repeats/, [x, twin], { y: x });
  refuse(/faulty: the name "x" repeats/, [x], { x: add(x, 1) });
  const liar: Node = { ...add(x, 1), shape: ["rows", 4] };
  refuse(/add claims float32\[rows, 4\].* float32\[rows, 3\]/, [x], { liar });
  const otherType: Node = { ...add(x, 1), dtype: "int32" };
  refuse(/add claims int32\[rows, 3\]/, [x], { otherType });
});

Deno.test("faults inside a scan are found", () => {
  const faulty = loop(input("scale", []));
  const undeclared = () => makeProgram("p", [x], { y: faulty });
  assert.throws(undeclared, /input "scale" is not declared/);
  const { outputs } = scan({}, { row: x }, (_, { row }) => ({
    carry: {},
    outputs: { row: { ...add(row, 1), shape: [7] } },
  }));
  const lie = () => makeProgram("p", [x], { y: outputs.row });
  assert.throws(lie, /add claims float32\[7\]/);
});
