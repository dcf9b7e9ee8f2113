import {
  type LoweringTarget,
  lowerProgram,
  runtimeTarget,
} from "../../lib/onnx/lower.ts";
import { NativeSession } from "../../lib/runtime/native_session.ts";
import { type Feeds, interpret } from "../../lib/tensor/interpret.ts";
import type { Program } from "../../lib/tensor/program.ts";
import type { NamedArrays } from "../../lib/util/arrays.ts";
import { assertSameArray } from "./closeness.ts";

/** Compiles a program and runs it once. */
export function runLowered(
  program: Program,
  feeds: NamedArrays,
  target: LoweringTarget = runtimeTarget,
): NamedArrays {
  const session = new NativeSession(lowerProgram(program, target), {
    threads: 1,
  });
  try {
    return session.run(feeds);
  } finally {
    session.close();
  }
}

/** Checks that a compiled program computes what the interpreter does. */
export function assertLowersAlike(
  program: Program,
  feeds: Feeds,
  target: LoweringTarget = runtimeTarget,
  what = program.name,
): void {
  const expected = interpret(program, feeds);
  const actual = runLowered(program, feeds, target);
  for (const [name, value] of Object.entries(expected)) {
    assertSameArray(actual[name], value, 2e-6, `${what}, ${name}`);
  }
}
