/** Models that onnxruntime has loaded: equal ones once per thread. */
import { createHash } from "node:crypto";
import { binding, initOrt } from "onnxruntime-node/dist/binding.js";
import { UserError } from "../errors.ts";
import type { SessionOptions } from "./program_session.ts";

const loaded = new Map<string, CompiledModel>();

/** The same for models of the same bytes that are set up alike. */
export function modelKey(model: Uint8Array, { threads }: SessionOptions) {
  const hash = createHash("sha256").update(model).digest("hex");
  return `${hash} ${threads}`;
}

/** A model of any number of users; the last one frees it. */
export class CompiledModel {
  readonly session;
  /** Names of the inputs and outputs, in order. */
  readonly inputNames: readonly string[];
  readonly outputNames: readonly string[];
  readonly #key: string;
  #users = 0;

  /**
   * The model that this thread has loaded already, or a new one. Throws
   * UserError when onnxruntime rejects it.
   */
  static open(model: Uint8Array, options: SessionOptions): CompiledModel {
    const key = modelKey(model, options);
    const compiled = loaded.get(key) ?? new CompiledModel(key, model, options);
    loaded.set(key, compiled);
    compiled.#users++;
    return compiled;
  }

  private constructor(
    key: string,
    model: Uint8Array,
    { threads }: SessionOptions,
  ) {
    initOrt();
    this.#key = key;
    // The binding wants a plain buffer: copy where the bytes are shared.
    const { buffer, byteOffset, byteLength } = new Uint8Array(model);
    this.session = new binding.InferenceSession();
    try {
      this.session.loadModel(buffer, byteOffset, byteLength, {
        intraOpNumThreads: threads,
        interOpNumThreads: 1,
        executionMode: "sequential",
        // Errors are thrown; the rest are remarks on graphs that are fine.
        logSeverityLevel: 4,
        // Waiting threads sleep instead of spinning.
        extra: { session: { intra_op: { allow_spinning: "0" } } },
      });
    } catch (cause) {
      throw new UserError({
        what: "onnxruntime cannot load the model",
        found: cause instanceof Error ? cause.message : String(cause),
      }, { cause });
    }
    this.inputNames = this.session.inputMetadata.map(({ name }) => name);
    this.outputNames = this.session.outputMetadata.map(({ name }) => name);
  }

  /** Once for each time that it was opened. */
  close(): void {
    if (--this.#users > 0) return;
    loaded.delete(this.#key);
    this.session.dispose();
  }
}
