import assert from "node:assert/strict";
import { constant, input } from "../../lib/tensor/build.ts";
import { GradientSums } from "../../lib/tensor/gradient_sums.ts";
import type { Node } from "../../lib/tensor/operation.ts";
import { orderNodes } from "../../lib/tensor/program.ts";
import { matrix, valuesOf } from "../support/evaluate.ts";

const x = input("x", [2, 4]);

/** A column of two rows at `start` of the last axis. */
const column = (start: number, ...rows: number[][]) => ({
  axis: 1,
  start,
  end: start + rows[0].length,
  gradient: matrix(...rows),
});

function sumOf(sums: GradientSums, node: Node = x): Node {
  const sum = sums.of(node);
  assert(sum);
  return sum;
}

const operations = (node: Node) =>
  orderNodes([node]).map(({ op }) => op).filter((op) => op !== "constant");

Deno.test("gradients of one node add up; others have none", () => {
  const sums = new GradientSums();
  sums.add(x, matrix([1, 2, 3, 4], [5, 6, 7, 8]));
  sums.add(x, matrix([1, 1, 1, 1], [2, 2, 2, 2]));
  assert.deepEqual(valuesOf(sumOf(sums)), [2, 3, 4, 5, 7, 8, 9, 10]);
  assert.equal(sums.of(input("y", [2])), undefined);
});

Deno.test("pieces side by side become one concat, whatever their order", () => {
  const sums = new GradientSums();
  sums.addPiece(x, column(2, [3, 4], [7, 8]));
  sums.addPiece(x, column(0, [1, 2], [5, 6]));
  assert.deepEqual(operations(sumOf(sums)), ["concat"]);
  assert.deepEqual(valuesOf(sumOf(sums)), [1, 2, 3, 4, 5, 6, 7, 8]);
});

Deno.test("there are zeros where there is no piece", () => {
  const sums = new GradientSums();
  sums.addPiece(x, column(1, [1], [5]));
  sums.addPiece(x, column(3, [2], [6]));
  assert.deepEqual(valuesOf(sumOf(sums)), [0, 1, 0, 2, 0, 5, 0, 6]);
});

Deno.test("pieces that overlap, or cut other axes, add up", () => {
  const sums = new GradientSums();
  sums.addPiece(x, column(0, [1, 1, 1], [2, 2, 2]));
  sums.addPiece(x, column(2, [5, 5], [6, 6]));
  const gradient = matrix([10, 10, 10, 10]);
  sums.addPiece(x, { axis: 0, start: 1, end: 2, gradient });
  assert.deepEqual(valuesOf(sumOf(sums)), [1, 1, 6, 5, 12, 12, 18, 16]);
});

Deno.test("a piece that is all of its node stands for itself", () => {
  const sums = new GradientSums();
  const whole = matrix([1, 2, 3, 4], [5, 6, 7, 8]);
  sums.addPiece(x, { axis: 1, start: 0, end: 4, gradient: whole });
  assert.equal(sums.of(x), whole);
});

Deno.test("results of one scan are kept by number", () => {
  const sums = new GradientSums();
  const [scan, other] = [input("scan", []), input("other", [])];
  sums.addResult(scan, 2, constant(3));
  sums.addResult(scan, 0, constant(1));
  sums.addResult(scan, 2, constant(4));
  const [first, second, third] = sums.ofResults(scan);
  assert.deepEqual(first && valuesOf(first), [1]);
  assert.equal(second, undefined);
  assert.deepEqual(third && valuesOf(third), [7]);
  assert.deepEqual(sums.ofResults(other), []);
});
