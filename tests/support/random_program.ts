import {
  add,
  broadcast,
  cast,
  concat,
  constant,
  divide,
  gather,
  input,
  integerConstant,
  less,
  matmul,
  maximum,
  multiply,
  negate,
  reshape,
  select,
  slice,
  stopGradient,
  subtract,
  sum,
  tanh,
  transpose,
} from "../../lib/tensor/build.ts";
import type { Value } from "../../lib/tensor/interpret_values.ts";
import type { Node } from "../../lib/tensor/operation.ts";
import { makeProgram, type Program } from "../../lib/tensor/program.ts";
import { scan } from "../../lib/tensor/scan.ts";
import { RandomGenerator } from "../../lib/util/random.ts";

const shape = [2, 3];

interface RandomProgramOptions {
  /** Length of the loops. */
  readonly steps?: number;
  /** The program knows it by the name `steps` only. */
  readonly symbolic?: boolean;
}

/**
 * A random program with much that can be simplified, loops in loops included,
 * and values for its inputs.
 */
export function randomProgram(
  seed: number,
  { steps = 3, symbolic = false }: RandomProgramOptions = {},
): { program: Program; feeds: Record<string, Value> } {
  const random = new RandomGenerator(seed, "program");
  const x = input("x", shape);
  const sequence = input("sequence", [symbolic ? "steps" : steps, ...shape]);
  const writer = new Writer(random, [x, tanh(x)], [sequence], 2);
  for (let i = 0; i < 12; i++) writer.grow();
  const outputs = { first: writer.pick(), second: writer.pick() };
  const values = (size: number) =>
    Float32Array.from({ length: size }, () => random.normal());
  return {
    program: makeProgram("random", [x, sequence], outputs),
    feeds: {
      x: { data: values(6), shape },
      sequence: { data: values(6 * steps), shape: [steps, ...shape] },
    },
  };
}

/** Adds nodes of `shape` to those that it knows. */
class Writer {
  readonly #random: RandomGenerator;
  readonly #nodes: Node[];
  readonly #sequences: Node[];
  readonly #depth: number;

  constructor(
    random: RandomGenerator,
    nodes: readonly Node[],
    sequences: readonly Node[],
    depth: number,
  ) {
    this.#random = random;
    this.#nodes = [...nodes];
    this.#sequences = [...sequences];
    this.#depth = depth;
  }

  pick(): Node {
    return this.#choose(this.#nodes);
  }

  grow(): void {
    const rules = this.#rules();
    if (this.#depth > 0) rules.push(() => this.#loop(), () => this.#loop());
    this.#nodes.push(this.#choose(rules)());
  }

  /** Each keeps values near 1, so that rounding errors stay small. */
  #rules(): (() => Node)[] {
    const [a, b] = [this.pick(), this.pick()];
    const number = this.#choose([0, 1, -1, 0.5]);
    const rows = integerConstant([1, 0]);
    return [
      () => tanh(add(a, b)),
      () => add(a, negate(b)),
      () => tanh(multiply(a, b)),
      () => multiply(multiply(a, number), -0.5),
      () => add(constant(Float32Array.of(number), [1, 1]), a),
      () => subtract(a, multiply(number, number)),
      () => divide(a, 1),
      () => negate(negate(a)),
      () => maximum(a, broadcast(constant(number), shape)),
      () => add(a, broadcast(sum(b, [0], true), shape)),
      () => reshape(reshape(a, [3, 2]), shape),
      () => transpose(transpose(a)),
      () => tanh(transpose(matmul(transpose(b), transpose(matmul(a, b, tB))))),
      () => slice(a, 1, 0, 3),
      () => concat([slice(b, 1, 0, 1), slice(a, 1, 1, 3)], 1),
      () => sum(stopGradient(a), []),
      () => cast(cast(a, "float32"), "float32"),
      () => cast(multiply(cast(a, "int32"), -1), "float32"),
      () => select(less(a, b), a, broadcast(b, shape)),
      () => gather(a, rows),
      () => gather(broadcast(constant(number), [4, 3]), rows),
    ];
  }

  /** A loop over a known sequence whose body is grown at random, too. */
  #loop(): Node {
    const { carry, outputs } = scan(
      { s: this.pick(), t: this.pick() },
      { v: this.#choose(this.#sequences), w: this.#choose(this.#sequences) },
      ({ s, t }, { v, w }) => {
        const body = new Writer(
          this.#random,
          [...this.#nodes, s, t, v, w],
          this.#sequences,
          this.#depth - 1,
        );
        for (let i = 0; i < 6; i++) body.grow();
        return {
          carry: { s: body.pick(), t: body.pick() },
          outputs: { y: body.pick() },
        };
      },
      { reverse: this.#choose([false, true]) },
    );
    this.#sequences.push(outputs.y);
    this.#nodes.push(carry.s);
    return carry.t;
  }

  #choose<T>(values: readonly T[]): T {
    return values[this.#random.integer(values.length)];
  }
}

const tB = { transposeB: true };
