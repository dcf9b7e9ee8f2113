/**
 * Rewrites a program into a smaller one with the same meaning: constants are
 * folded, equal nodes become one, needless nodes vanish. Dead code goes by
 * itself, because only what the outputs reach is rebuilt.
 */
import { isScalar, makeNode, multiply, reshape, subtract } from "./build.ts";
import { evaluateConstant } from "./interpret.ts";
import { mergeScans } from "./merge_scans.ts";
import { isOp, type Node, type OpName } from "./operation.ts";
import { makeProgram, printAttributes, type Program } from "./program.ts";
import { rebuildNode } from "./rebuild.ts";
import { broadcastShapes, sameShape } from "./shape_rules.ts";

/** Constants above this size are left to be computed at run time. */
const largestFolded = 65536;

/** The simplified program; inputs stay as they are. */
export function simplifyProgram(program: Program): Program {
  const rewriter = new Rewriter();
  const results = mergeScans(Object.values(program.outputs));
  const outputs = Object.fromEntries(
    Object.keys(program.outputs).map((
      name,
      i,
    ) => [name, rewriter.rewrite(results[i])]),
  );
  return makeProgram(program.name, program.inputs, outputs);
}

class Rewriter {
  readonly #done = new Map<Node, Node>();
  readonly #interned = new Map<string, Node>();
  readonly #ids = new Map<object, number>();

  rewrite(node: Node): Node {
    const known = this.#done.get(node);
    if (known) return known;
    const result = this.#intern(this.#reduce(
      rebuildNode(node, (source) => this.rewrite(source)),
    ));
    this.#done.set(node, result);
    this.#done.set(result, result);
    return result;
  }

  /** Applies rewriting rules until none fits. */
  #reduce(node: Node): Node {
    for (let current = node;;) {
      const next = reduceOnce(current);
      if (!next) return current;
      // A rule may build several new nodes: rewrite those below it too.
      current = isOp(next, "input") || isOp(next, "constant")
        ? next
        : makeLike(next, next.inputs.map((source) => this.rewrite(source)));
    }
  }

  #intern(node: Node): Node {
    if (isOp(node, "input") || isOp(node, "scan")) return node;
    const key = [
      node.op,
      ...node.inputs.map((source) => this.#id(source)),
      printAttributes(node.attributes),
      node.shape.join(),
      node.dtype,
    ].join("|");
    const known = this.#interned.get(key);
    if (known) return known;
    this.#interned.set(key, node);
    return node;
  }

  #id(node: Node): number {
    const known = this.#ids.get(node);
    if (known !== undefined) return known;
    this.#ids.set(node, this.#ids.size);
    return this.#ids.size - 1;
  }
}

function makeLike<Op extends OpName>(
  node: Node<Op>,
  inputs: readonly Node[],
): Node {
  return isOp(node, "scan") || isOp(node, "input") || isOp(node, "constant")
    ? node
    : makeNode(node.op, inputs, node.attributes);
}

/** One rewriting step, or undefined when the node is as simple as it gets. */
function reduceOnce(node: Node): Node | undefined {
  if (isOp(node, "input") || isOp(node, "constant") || isOp(node, "scan")) {
    return undefined;
  }
  return foldConstant(node) ?? reduceIdentity(node) ?? reduceBroadcast(node);
}

function foldConstant(node: Node): Node | undefined {
  if (isOp(node, "scanOutput")) return undefined;
  if (!node.inputs.every((source) => isOp(source, "constant"))) {
    return undefined;
  }
  let size = 1;
  for (const dim of node.shape) {
    if (typeof dim !== "number") return undefined;
    size *= dim;
  }
  // A repeated value is cheaper to repeat than to store.
  if (isOp(node, "broadcast") || size > largestFolded) return undefined;
  const attributes = { data: evaluateConstant(node) };
  const { shape, dtype } = node;
  return { op: "constant", inputs: [], attributes, shape, dtype };
}

/** x where the rewritten operation is x itself and the shapes agree. */
function unchanged(node: Node, x: Node): Node | undefined {
  return sameShape(node.shape, x.shape) ? x : undefined;
}

function reduceIdentity(node: Node): Node | undefined {
  const [a, b] = node.inputs;
  switch (node.op) {
    case "add":
      if (isScalar(b, 0)) return unchanged(node, a);
      if (isScalar(a, 0)) return unchanged(node, b);
      if (isOp(b, "negate")) return subtract(a, b.inputs[0]);
      if (isOp(a, "negate")) return subtract(b, a.inputs[0]);
      return undefined;
    case "subtract":
      if (isScalar(b, 0)) return unchanged(node, a);
      return undefined;
    case "multiply":
      return reduceMultiply(node, a, b) ?? reduceMultiply(node, b, a);
    case "divide":
      if (isScalar(b, 1)) return unchanged(node, a);
      return undefined;
    case "negate":
      return isOp(a, "negate") ? a.inputs[0] : undefined;
    case "cast":
      return node.dtype === a.dtype ? a : undefined;
    case "reshape":
      if (isOp(a, "reshape")) return reshape(a.inputs[0], node.shape);
      return unchanged(node, a);
    case "broadcast":
      return unchanged(node, a);
    case "stopGradient":
      return a;
    default:
      return reduceWithAttributes(node);
  }
}

function reduceMultiply(node: Node, x: Node, factor: Node): Node | undefined {
  if (isScalar(factor, 1)) return unchanged(node, x);
  const negates = isScalar(factor, -1) && x.dtype === "float32";
  if (negates && sameShape(node.shape, x.shape)) {
    return makeNode("negate", [x], {});
  }
  if (!isOp(factor, "constant") || !isOp(x, "multiply")) return undefined;
  const inner = x.inputs.find((source) => isOp(source, "constant"));
  const rest = x.inputs.find((source) => !isOp(source, "constant"));
  if (!inner || !rest) return undefined;
  const combined = multiply(rest, multiply(inner, factor));
  return sameShape(combined.shape, node.shape) ? combined : undefined;
}

function reduceWithAttributes(node: Node): Node | undefined {
  const [a] = node.inputs;
  if (isOp(node, "reduceSum") || isOp(node, "reduceMax")) {
    return node.attributes.axes.length === 0 ? a : undefined;
  }
  if (isOp(node, "slice")) return unchanged(node, a);
  if (isOp(node, "concat") && node.inputs.length === 1) return a;
  if (isOp(node, "transpose")) {
    const { permutation } = node.attributes;
    return permutation.every((axis, i) => axis === i) ? a : undefined;
  }
  return isOp(node, "matmul") ? absorbTransposes(node) : undefined;
}

/** matmul(transpose(a), b) becomes a flag, which costs nothing. */
function absorbTransposes(node: Node<"matmul">): Node | undefined {
  const swapped = node.inputs.map((x) =>
    isOp(x, "transpose") &&
    x.attributes.permutation.every((axis, i, all) =>
      axis === (i < all.length - 2 ? i : 2 * all.length - 3 - i)
    )
  );
  if (!swapped.includes(true)) return undefined;
  const { transposeA, transposeB } = node.attributes;
  return makeNode(
    "matmul",
    node.inputs.map((x, i) => swapped[i] ? x.inputs[0] : x),
    {
      transposeA: transposeA !== swapped[0],
      transposeB: transposeB !== swapped[1],
    },
  );
}

const broadcasting = new Set<OpName>([
  "add",
  "subtract",
  "multiply",
  "divide",
  "maximum",
  "minimum",
  "less",
  "lessOrEqual",
  "equal",
  "select",
]);

/** Element-wise operations repeat operands by themselves. */
function reduceBroadcast(node: Node): Node | undefined {
  if (!broadcasting.has(node.op)) return undefined;
  for (let i = 0; i < node.inputs.length; i++) {
    const repeated = node.inputs[i];
    if (!isOp(repeated, "broadcast")) continue;
    const inputs = node.inputs.map((x, j) => j === i ? x.inputs[0] : x);
    const shape = inputs.map((x) => x.shape).reduce(broadcastShapes);
    if (sameShape(shape, node.shape)) {
      return makeNode(node.op, inputs, node.attributes);
    }
  }
  return undefined;
}
