/** How a recurrent network's memory goes into a program and comes out of it. */
import { reshape } from "../tensor/build.ts";
import type { Node } from "../tensor/operation.ts";
import { lstmSequences, lstmStep, type Recurrence } from "../nn/lstm.ts";
import type { ParameterScope } from "../nn/parameters.ts";

/** Codes `[rows, inputs]` and a memory to outputs `[rows, hidden]` and memory. */
type MemoryLayer = (
  scope: ParameterScope,
  code: Node,
  before: Node,
) => { output: Node; memory: Node };

/** The memory of one network in one program. */
export class ProgramMemory {
  readonly #layer: MemoryLayer;
  readonly #before: Node;
  #after: Node | undefined;

  constructor(layer: MemoryLayer, before: Node) {
    this.#layer = layer;
    this.#before = before;
  }

  /** Takes its place between the network's body and heads. */
  readonly remember: Recurrence = (scope, code) => {
    const { output, memory } = this.#layer(scope, code, this.#before);
    this.#after = memory;
    return output;
  };

  /** What the layer leaves behind; known after `remember`. */
  get after(): Node {
    if (!this.#after) throw new TypeError("nothing was remembered");
    return this.#after;
  }
}

/** One decision per row: memory `[rows, n]` before and after. */
export function stepMemory(before: Node): ProgramMemory {
  return new ProgramMemory(lstmStep, before);
}

/**
 * Sequence after sequence, `length` rows each: memory `[sequences, n]` before
 * the first rows, `[sequences, length, n]` after every one.
 */
export function sequenceMemory(before: Node, length: number): ProgramMemory {
  return new ProgramMemory((scope, code, before) => {
    const [rows, inputs] = code.shape;
    const x = reshape(code, [before.shape[0], length, inputs]);
    const { outputs, memories } = lstmSequences(scope, x, before);
    const output = reshape(outputs, [rows, outputs.shape[2]]);
    return { output, memory: memories };
  }, before);
}
