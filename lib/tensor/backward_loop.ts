/** The loop of a gradient, beside the loop whose gradient it is. */
import { input } from "./build.ts";
import type { Dim, Node, OpName } from "./operation.ts";
import { substitute } from "./rebuild.ts";
import { capturedNodes, dependenceOn, makeScan, scanOutput } from "./scan.ts";

/**
 * A loop in the other direction than a given one, with bodies written over the
 * given body's nodes: what it reads of them, the forward loop stacks for it.
 * Additions answer with a function that reads the result after `finish`.
 */
export class BackwardLoop {
  readonly #forward: Node<"scan">;
  readonly #carry: Node<"input">[] = [];
  readonly #starts: Node[] = [];
  readonly #nextCarry: Node[] = [];
  readonly #slices: Node<"input">[] = [];
  readonly #sliced: Node[] = [];
  readonly #stacked = new Set<Node>();
  /** Results: last values of carries, all values of other nodes. */
  readonly #last = new Map<Node, Node>();
  readonly #all = new Map<Node, Node>();

  constructor(forward: Node<"scan">) {
    this.#forward = forward;
  }

  /** Number of steps. */
  get length(): Dim {
    return this.#forward.attributes.length;
  }

  /** Carries `next` on as `given`, from `start`; the result is the last. */
  carry(given: Node<"input">, start: Node, next: Node): () => Node {
    this.#carry.push(given);
    this.#starts.push(start);
    this.#nextCarry.push(next);
    return () => resultOf(given, this.#last);
  }

  /** Gives every step its part of `whole`. */
  slice(given: Node<"input">, whole: Node): void {
    this.#slices.push(given);
    this.#sliced.push(whole);
  }

  /** The values of a node at all steps, `[steps, ...]`. */
  stack(node: Node): () => Node {
    this.#stacked.add(node);
    return () => resultOf(node, this.#all);
  }

  finish(): void {
    const { body, length, reverse } = this.#forward.attributes;
    const parameters = new Set<Node>([...this.#carry, ...this.#slices]);
    const isBackward = dependenceOn(parameters);
    const isForward = dependenceOn(
      new Set<Node>([...body.carry, ...body.slices]),
    );
    const stacked = [...this.#stacked];
    const outputs = stacked.filter(isBackward);
    const results = [...this.#nextCarry, ...outputs];
    // What the steps back read of the steps forward, each at its own time.
    const known = leaveOutDerived(
      capturedNodes(results, parameters).filter(isForward),
      isForward,
    );
    this.#stackForward([
      ...known,
      ...stacked.filter((node) => !isBackward(node)),
    ]);
    if (results.length === 0) return;
    const slices = known.map(({ shape, dtype }) =>
      input("known", shape, dtype)
    );
    const own = substitute(
      results,
      new Map(known.map((node, i) => [node, slices[i]])),
    );
    const scan = makeScan(
      {
        carry: this.#carry,
        slices: [...this.#slices, ...slices],
        nextCarry: own.slice(0, this.#carry.length),
        outputs: own.slice(this.#carry.length),
      },
      [
        ...this.#starts,
        ...this.#sliced,
        ...known.map((node) => resultOf(node, this.#all)),
      ],
      { length, reverse: !reverse },
    );
    this.#carry.forEach((node, i) => this.#last.set(node, scanOutput(scan, i)));
    outputs.forEach((node, i) =>
      this.#all.set(node, scanOutput(scan, this.#carry.length + i))
    );
  }

  /** Lets the forward loop stack nodes of its body. */
  #stackForward(nodes: readonly Node[]): void {
    const { body, ...way } = this.#forward.attributes;
    const { carry, slices } = body;
    const inputs = this.#forward.inputs.slice(0, carry.length + slices.length);
    slices.forEach((slice, i) =>
      this.#all.set(slice, inputs[carry.length + i])
    );
    const outputs = nodes.filter((node, i) =>
      !this.#all.has(node) && nodes.indexOf(node) === i
    );
    const scan = makeScan({ ...body, outputs }, inputs, way);
    outputs.forEach((node, i) =>
      this.#all.set(node, scanOutput(scan, carry.length + i))
    );
  }
}

/** Operations that cost no more than to read their result from memory. */
const cheap: ReadonlySet<OpName> = new Set<OpName>([
  "negate",
  "abs",
  "sign",
  "add",
  "subtract",
  "multiply",
  "maximum",
  "minimum",
  "less",
  "lessOrEqual",
  "equal",
  "and",
  "or",
  "not",
  "select",
  "reshape",
  "broadcast",
  "slice",
  "cast",
]);

/**
 * The nodes without those that follow cheaply from others of them: these are
 * computed again, not stacked. (Computing all again from the carries alone
 * makes an LSTM's gradient a fifth slower.)
 */
function leaveOutDerived(
  nodes: readonly Node[],
  isForward: (node: Node) => boolean,
): Node[] {
  const known = new Set(nodes);
  const derived = new Map<Node, boolean>();
  const isDerived = (node: Node): boolean => {
    let follows = derived.get(node);
    if (follows !== undefined) return follows;
    follows = cheap.has(node.op) &&
      node.inputs.every((source) =>
        known.has(source) || !isForward(source) || isDerived(source)
      );
    derived.set(node, follows);
    return follows;
  };
  return nodes.filter((node) => !isDerived(node));
}

function resultOf(node: Node, results: ReadonlyMap<Node, Node>): Node {
  const result = results.get(node);
  if (!result) throw new TypeError("the loop is not finished");
  return result;
}
