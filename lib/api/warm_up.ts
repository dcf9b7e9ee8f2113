/** Makes use of the time in which an environment starts. */
import { lowerProgram } from "../onnx/lower.ts";
import { NativeSession } from "../runtime/native_session.ts";
import type { WorkerRuntime } from "../runtime/worker_runtime.ts";
import { input, negate } from "../tensor/build.ts";
import { makeProgram } from "../tensor/program.ts";

/**
 * Starts all threads and onnxruntime, here and there: a first program takes many
 * times as long as later ones. What is wrong is left to these to tell.
 */
export function warmUp(runtime: WorkerRuntime): void {
  const x = input("x", [1]);
  const model = lowerProgram(makeProgram("warm_up", [x], { y: negate(x) }));
  const options = { threads: 1 };
  try {
    runtime.loadEverywhere(model, options).close();
    new NativeSession(model, options).close();
  } catch {
    // The first trainer meets the same.
  }
}
