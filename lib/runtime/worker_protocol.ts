/** Messages between the main thread and the thread that runs programs. */
import type { Problem } from "../errors.ts";
import type { NamedArrays } from "../util/arrays.ts";
import type { SessionOptions } from "./program_session.ts";

/** To the worker; `session` is chosen by the sender. */
export type WorkerRequest =
  | {
    readonly kind: "load";
    readonly session: number;
    readonly model: Uint8Array;
    readonly options: SessionOptions;
  }
  | {
    readonly kind: "bind";
    readonly session: number;
    readonly values: NamedArrays;
  }
  | {
    readonly kind: "run";
    readonly session: number;
    readonly feeds: NamedArrays;
  }
  | { readonly kind: "close"; readonly session: number };

/** Answers to `load` and `run`, in the order of the requests. */
export type WorkerReply =
  | { readonly kind: "done"; readonly outputs: NamedArrays }
  | { readonly kind: "failed"; readonly problems: readonly Problem[] };

/** The distinct buffers behind arrays, for handing them over. */
export function buffersOf(arrays: NamedArrays): ArrayBuffer[] {
  const buffers = new Set<ArrayBuffer>();
  for (const { data } of Object.values(arrays)) {
    if (data.buffer instanceof ArrayBuffer) buffers.add(data.buffer);
  }
  return [...buffers];
}
