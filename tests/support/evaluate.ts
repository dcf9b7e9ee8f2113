import { constant } from "../../lib/tensor/build.ts";
import { interpret } from "../../lib/tensor/interpret.ts";
import type { Node } from "../../lib/tensor/operation.ts";
import { makeProgram } from "../../lib/tensor/program.ts";

/** The values of a node that depends on no input, in double precision. */
export function valuesOf(y: Node): number[] {
  const program = makeProgram("value", [], { y });
  return [...interpret(program, {}, "float64").y.data];
}

/** A float32 matrix of rows. */
export function matrix(...rows: readonly (readonly number[])[]): Node {
  const data = Float32Array.from(rows.flat());
  return constant(data, [rows.length, rows[0].length]);
}

/** A whole-number matrix of rows. */
export function wholeMatrix(...rows: readonly (readonly number[])[]): Node {
  const data = Int32Array.from(rows.flat());
  return constant(data, [rows.length, rows[0].length]);
}
