import assert from "node:assert/strict";
import {
  type LoweringTarget,
  lowerProgram,
  runtimeTarget,
  unityTarget,
} from "../../lib/onnx/lower.ts";
import { add, input, multiply } from "../../lib/tensor/build.ts";
import type { Dim } from "../../lib/tensor/operation.ts";
import { makeProgram, type Program } from "../../lib/tensor/program.ts";
import { scan } from "../../lib/tensor/scan.ts";
import { assertLowersAlike } from "../support/lowering.ts";
import { readOnnx } from "../support/onnx_file.ts";

/** Sums of rows times a whole number, and every sum on the way. */
function sums(length: Dim, reverse: boolean): Program {
  const start = input("start", [2]);
  const rows = input("rows", [length, 2]);
  const { carry, outputs } = scan({ s: start }, { row: rows }, (c, s) => {
    const next = add(multiply(c.s, 2), s.row);
    return { carry: { s: next }, outputs: { s: next, before: c.s } };
  }, { reverse });
  return makeProgram("sums", [start, rows], {
    last: carry.s,
    all: outputs.s,
    before: outputs.before,
  });
}

const feeds = (steps: number) => ({
  start: { data: Float32Array.of(1, -1), shape: [2] },
  rows: {
    data: Float32Array.from({ length: 2 * steps }, (_, i) => i + 1),
    shape: [steps, 2],
  },
});

const operators = (program: Program, target: LoweringTarget) =>
  readOnnx(lowerProgram(program, target)).nodes.map(({ operator }) => operator);

Deno.test("a known number of steps is a Scan, both ways", () => {
  for (const target of [runtimeTarget, unityTarget]) {
    for (const reverse of [false, true]) {
      for (const steps of [1, 4]) {
        const program = sums(steps, reverse);
        assert.deepEqual(operators(program, target), ["Scan"]);
        assertLowersAlike(program, feeds(steps), target);
      }
    }
  }
});

Deno.test("a number of steps that may be 0 is a Loop", () => {
  for (const reverse of [false, true]) {
    const program = sums("steps", reverse);
    assert(operators(program, runtimeTarget).includes("Loop"));
    for (const steps of [0, 1, 4]) {
      assertLowersAlike(program, feeds(steps), runtimeTarget);
    }
    const none = sums(0, reverse);
    assert(operators(none, runtimeTarget).includes("Loop"));
    assertLowersAlike(none, feeds(0), runtimeTarget);
  }
});

Deno.test("readers of operator set 9 cannot turn around what a Loop made", () => {
  assertLowersAlike(sums("steps", false), feeds(3), unityTarget);
  const lower = () => lowerProgram(sums("steps", true), unityTarget);
  assert.throws(lower, /reverse needs operator set 10/);
});
