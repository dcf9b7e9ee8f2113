/**
 * Trainable weights by name. A network is one function that asks its scope for
 * weights; run once to list them, and again in every program to read them.
 */
import { constant, input, type Nodes } from "../tensor/build.ts";
import { type Node, staticSize } from "../tensor/operation.ts";
import type { NamedArray, NamedArrays } from "../util/arrays.ts";
import type { RandomGenerator } from "../util/random.ts";

/** Fills a new weight of `shape`. */
export type Initializer = (
  shape: readonly number[],
  random: RandomGenerator,
) => Float32Array;

/** One weight that a network needs. */
export interface ParameterSpec {
  /** Path like `actor.body.0.weight`. */
  readonly name: string;
  readonly shape: readonly number[];
  readonly initializer: Initializer;
}

/** Where a network function finds its weights. */
export class ParameterScope {
  readonly #path: string;
  readonly #provide: (spec: ParameterSpec) => Node;

  constructor(provide: (spec: ParameterSpec) => Node, path = "") {
    this.#provide = provide;
    this.#path = path;
  }

  /** The scope of a part of the network. */
  at(part: string | number): ParameterScope {
    return new ParameterScope(
      this.#provide,
      this.#path ? `${this.#path}.${part}` : `${part}`,
    );
  }

  /** The weight `name` of this part. */
  parameter(
    name: string,
    shape: readonly number[],
    initializer: Initializer,
  ): Node {
    return this.#provide({ name: `${this.#path}.${name}`, shape, initializer });
  }
}

/** Runs a network function once to list the weights that it asks for. */
export function collectParameters(
  network: (scope: ParameterScope) => unknown,
): ParameterSpec[] {
  const specs = new Map<string, ParameterSpec>();
  network(
    new ParameterScope((spec) => {
      specs.set(spec.name, spec);
      return constant(new Float32Array(staticSize(spec.shape)), spec.shape);
    }),
  );
  return [...specs.values()];
}

/** A scope that reads weights from nodes. Throws TypeError on a missing one. */
export function bindParameters(nodes: Nodes): ParameterScope {
  return new ParameterScope(({ name }) => {
    const node = nodes[name];
    if (!node) throw new TypeError(`no weight "${name}"`);
    return node;
  });
}

/** A program input for every weight. */
export function parameterInputs(
  specs: readonly ParameterSpec[],
): Record<string, Node<"input">> {
  return Object.fromEntries(
    specs.map(({ name, shape }) => [name, input(name, shape)]),
  );
}

/** The weights' present values as nodes, which share float32 data. */
export function parameterConstants(arrays: NamedArrays): Nodes {
  return Object.fromEntries(
    Object.entries(arrays).map(([name, { data, shape }]) => {
      const floats = data instanceof Float32Array
        ? data
        : Float32Array.from(data, Number);
      return [name, constant(floats, shape)];
    }),
  );
}

/** Fresh weights. */
export function initializeParameters(
  specs: readonly ParameterSpec[],
  random: RandomGenerator,
): Record<string, NamedArray<Float32Array>> {
  return Object.fromEntries(
    specs.map(({ name, shape, initializer }) => [
      name,
      { data: initializer(shape, random), shape },
    ]),
  );
}
