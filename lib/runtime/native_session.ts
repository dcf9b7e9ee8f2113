/** A program on the calling thread. */
import { Tensor } from "onnxruntime-common";
import { UserError } from "../errors.ts";
import type { NamedArray, NamedArrays, NumericArray } from "../util/arrays.ts";
import { CompiledModel } from "./compiled_model.ts";
import type { ProgramSession, SessionOptions } from "./program_session.ts";

/**
 * Runs a program at once and blocks until it is done. It goes to the native
 * binding directly: the public API waits for an event-loop turn on every call,
 * which costs as much as a small network itself.
 */
export class NativeSession implements ProgramSession {
  readonly #model: CompiledModel;
  readonly #fetches: Readonly<Record<string, null>>;
  readonly #bound: Record<string, Tensor> = {};
  #closed = false;

  /** Throws UserError when onnxruntime rejects the model. */
  constructor(model: Uint8Array, options: SessionOptions) {
    this.#model = CompiledModel.open(model, options);
    this.#fetches = Object.fromEntries(
      this.outputNames.map((name) => [name, null]),
    );
  }

  /** Names of the inputs, in order. */
  get inputNames(): readonly string[] {
    return this.#model.inputNames;
  }

  /** Names of the outputs, in order. */
  get outputNames(): readonly string[] {
    return this.#model.outputNames;
  }

  bind(values: NamedArrays): void {
    for (const name in values) this.#bound[name] = toTensor(values[name]);
  }

  run(feeds: NamedArrays): NamedArrays {
    if (this.#closed) throw new UserError({ what: "the program was closed" });
    let results;
    try {
      const inputs = { ...this.#bound };
      for (const name in feeds) inputs[name] = toTensor(feeds[name]);
      const missing = this.inputNames.find((name) => !inputs[name]);
      if (missing !== undefined) throw new Error(`no value for "${missing}"`);
      results = this.#model.session.run(inputs, this.#fetches, {});
    } catch (cause) {
      throw new UserError({
        what: "onnxruntime cannot run the program",
        found: messageOf(cause),
      }, { cause });
    }
    const outputs: Record<string, NamedArray> = {};
    for (const name in results) {
      const { data, dims } = results[name];
      outputs[name] = { data: numeric(name, data), shape: dims };
    }
    return outputs;
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#model.close();
  }
}

/** The tensor type that onnxruntime expects for each array. */
function toTensor({ data, shape }: NamedArray): Tensor {
  const dims = [...shape];
  if (data instanceof Float32Array) return new Tensor("float32", data, dims);
  if (data instanceof Int32Array) return new Tensor("int32", data, dims);
  if (data instanceof BigInt64Array) return new Tensor("int64", data, dims);
  if (data instanceof Float64Array) return new Tensor("float64", data, dims);
  if (data instanceof Uint32Array) return new Tensor("uint32", data, dims);
  return new Tensor("bool", data, dims);
}

function numeric(name: string, data: unknown): NumericArray {
  if (
    data instanceof Float32Array || data instanceof Int32Array ||
    data instanceof BigInt64Array || data instanceof Uint8Array ||
    data instanceof Float64Array
  ) return data;
  throw new TypeError(`output "${name}" is not numeric`);
}

function messageOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}
