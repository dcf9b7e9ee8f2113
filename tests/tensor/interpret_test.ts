import assert from "node:assert/strict";
import {
  add,
  broadcast,
  cast,
  constant,
  gather,
  input,
  integerConstant,
  multiply,
  negate,
  oneHot,
  sum,
} from "../../lib/tensor/build.ts";
import { evaluateConstant, interpret } from "../../lib/tensor/interpret.ts";
import { makeProgram } from "../../lib/tensor/program.ts";
import { scan } from "../../lib/tensor/scan.ts";

const vector = (...values: number[]) => ({
  data: Float32Array.from(values),
  shape: [values.length],
});

Deno.test("inputs are fed by name; symbolic sizes come from them", () => {
  const [a, b] = [input("a", ["n"]), input("b", ["n", 2])];
  const program = makeProgram("sizes", [a, b], {
    spread: broadcast(sum(a), ["n", 2]),
    negated: negate(b),
  });
  const result = interpret(program, {
    a: vector(1, 2, 3),
    b: { data: Float32Array.of(1, 2, 3, 4, 5, 6), shape: [3, 2] },
  });
  assert.deepEqual(result.spread.shape, [3, 2]);
  assert.deepEqual([...result.spread.data], [6, 6, 6, 6, 6, 6]);
  assert.deepEqual([...result.negated.data], [-1, -2, -3, -4, -5, -6]);
});

Deno.test("missing and misshapen inputs are refused by name", () => {
  const [a, b] = [input("a", ["n", 2]), input("b", ["n"])];
  const program = makeProgram("refuse", [a, b], { y: negate(a) });
  const wide = { data: new Float32Array(4), shape: [2, 2] };
  const run = (feeds: Parameters<typeof interpret>[1]) => () =>
    interpret(program, feeds);
  assert.throws(run({ a: wide }), /no value for input "b"/);
  const misfit = /input "b" has shape \[3\], the program takes \[n\]/;
  assert.throws(run({ a: wide, b: vector(1, 2, 3) }), misfit);
  assert.throws(run({ a: vector(1, 2), b: vector(1) }), /input "a" has shape/);
  const short = { data: new Float32Array(3), shape: [2, 2] };
  assert.throws(run({ a: short, b: vector(1, 2) }), /input "a" has shape/);
});

Deno.test("results do not share memory with the feeds", () => {
  const a = input("a", [2]);
  const feeds = { a: vector(1, 2) };
  const { y } = interpret(makeProgram("same", [a], { y: a }), feeds);
  y.data[0] = 9;
  assert.deepEqual([...feeds.a.data], [1, 2]);
});

Deno.test("double precision keeps what single precision drops", () => {
  const a = input("a", [1]);
  const program = makeProgram("precision", [a], { y: add(a, 1e-10) });
  const at = (precision: "float32" | "float64") =>
    interpret(program, { a: vector(1) }, precision).y.data[0];
  assert.equal(at("float32"), 1);
  assert.equal(at("float64") - 1, Math.fround(1e-10) + 1 - 1);
});

Deno.test("a scan of no steps returns its first state", () => {
  const rows = input("rows", ["steps", 2]);
  const { carry, outputs } = scan(
    { s: constant(new Float32Array(2).fill(5)) },
    { row: rows },
    ({ s }, { row }) => ({ carry: { s: add(s, row) }, outputs: { row } }),
  );
  const program = makeProgram("none", [rows], { s: carry.s, y: outputs.row });
  const result = interpret(program, {
    rows: { data: new Float32Array(0), shape: [0, 2] },
  });
  assert.deepEqual([...result.s.data], [5, 5]);
  assert.deepEqual(result.y.shape, [0, 2]);
});

Deno.test("scans nest, and read values of the scan around them", () => {
  // Rows (1, 2) and (3, 4), each summed over itself times the outer total:
  // totals before each row 1, 1 + 1*(1 + 2) = 4; results 1*3 and 4*7.
  const table = constant(Float32Array.of(1, 2, 3, 4), [2, 2]);
  const { carry, outputs } = scan(
    { total: constant(1) },
    { row: table },
    ({ total }, { row }) => {
      const inner = scan(
        { s: constant(0) },
        { x: row },
        ({ s }, { x }) => ({
          carry: { s: add(s, multiply(x, total)) },
          outputs: {},
        }),
      );
      return {
        carry: { total: add(total, inner.carry.s) },
        outputs: { s: inner.carry.s },
      };
    },
  );
  const program = makeProgram("nest", [], { t: carry.total, y: outputs.s });
  const result = interpret(program, {});
  assert.deepEqual([...result.y.data], [3, 28]);
  assert.deepEqual([...result.t.data], [32]);
});

Deno.test("constant expressions have a value of their own type", () => {
  const hot = oneHot(integerConstant([1]), 2);
  assert.deepEqual(evaluateConstant(hot), Float32Array.of(0, 1));
  const flags = cast(constant(Float32Array.of(0, 3)), "bool");
  assert.deepEqual(evaluateConstant(flags), Uint8Array.of(0, 1));
  const picked = gather(integerConstant([4, 5]), integerConstant([1]));
  assert.deepEqual(evaluateConstant(picked), Int32Array.of(5));
});
