import { evaluateDim } from "../../lib/tensor/dims.ts";
import { input } from "../../lib/tensor/build.ts";
import type { Value } from "../../lib/tensor/interpret_values.ts";
import type { Dim, DType, Node, Shape } from "../../lib/tensor/operation.ts";
import { RandomGenerator } from "../../lib/util/random.ts";

interface SamplerOptions {
  readonly seed: number;
  /** The leading size of shapes; drawn from 1 to 4 unless given. */
  readonly rows?: number;
  /** The leading size is known to the program by the name `rows` only. */
  readonly symbolic?: boolean;
  /** Draws floats from a few values, so that equal ones meet. */
  readonly ties?: boolean;
}

/** Draws inputs of tensor programs together with their values. */
export class Sampler {
  readonly random: RandomGenerator;
  readonly inputs: Node<"input">[] = [];
  readonly feeds: Record<string, Value> = {};
  readonly ties: boolean;
  /** The leading size as the program knows it. */
  readonly leading: Dim;
  readonly #rows: number;

  constructor({ seed, rows, symbolic = false, ties = false }: SamplerOptions) {
    this.random = new RandomGenerator(seed, "sampler");
    this.ties = ties;
    this.#rows = rows ?? this.size();
    this.leading = symbolic ? "rows" : this.#rows;
  }

  /** A size from 1 to 4. */
  size(): number {
    return 1 + this.random.integer(4);
  }

  /** `[leading, ...]` of a rank, or of a drawn one from 1 to 3. */
  shape(rank = 1 + this.random.integer(3)): Shape {
    const rest = Array.from({ length: rank - 1 }, () => this.size());
    return [this.leading, ...rest];
  }

  /** The shape, or one that broadcasts to it. */
  partOf(shape: Shape): Shape {
    const dropped = this.random.integer(3) === 0
      ? this.random.integer(shape.length + 1)
      : 0;
    return shape.slice(dropped).map((dim) =>
      this.random.integer(3) === 0 ? 1 : dim
    );
  }

  chance(): boolean {
    return this.random.integer(2) === 0;
  }

  floats(shape: Shape, low = -2, high = 2): Node<"input"> {
    const data = new Float32Array(this.#count(shape));
    for (let i = 0; i < data.length; i++) {
      const value = this.random.between(low, high);
      data[i] = this.ties ? Math.ceil(value * 2) / 2 : value;
    }
    return this.#add(data, shape, "float32");
  }

  /** Whole numbers from 0 to `bound - 1`. */
  integers(shape: Shape, bound: number): Node<"input"> {
    const data = new Int32Array(this.#count(shape));
    for (let i = 0; i < data.length; i++) data[i] = this.random.integer(bound);
    return this.#add(data, shape, "int32");
  }

  flags(shape: Shape): Node<"input"> {
    const data = new Uint8Array(this.#count(shape));
    for (let i = 0; i < data.length; i++) data[i] = this.random.integer(2);
    return this.#add(data, shape, "bool");
  }

  #add(data: Value["data"], shape: Shape, dtype: DType): Node<"input"> {
    const name = `x${this.inputs.length}`;
    this.feeds[name] = { data, shape: this.#sizes(shape) };
    const node = input(name, shape, dtype);
    this.inputs.push(node);
    return node;
  }

  #sizes(shape: Shape): number[] {
    return shape.map((dim) => evaluateDim(dim, () => this.#rows));
  }

  #count(shape: Shape): number {
    return this.#sizes(shape).reduce((product, size) => product * size, 1);
  }
}
