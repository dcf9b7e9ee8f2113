/**
 * Reverse-mode differentiation: a program in, its gradient as more nodes of
 * the same kind out, so gradients can be printed, optimised and compiled too.
 */
import {
  add,
  broadcast,
  cast,
  constant,
  divide,
  equal,
  less,
  lessOrEqual,
  makeNode,
  matmul,
  maximum,
  multiply,
  negate,
  reshape,
  scatterAdd,
  select,
  sigmoid,
  sign,
  split,
  square,
  subtract,
  sum,
  sumTo,
  transpose,
} from "./build.ts";
import { GradientSums } from "./gradient_sums.ts";
import { imageGradientRules } from "./image_gradient_rules.ts";
import {
  isOp,
  type Node,
  type OpName,
  staticDim,
  staticSize,
} from "./operation.ts";
import { type Gradients, scanGradient } from "./scan_gradient.ts";

/** `gradient` has the node's shape; the answers have the inputs' shapes. */
export type GradientRule<Op extends OpName> = (
  node: Node<Op>,
  gradient: Node,
) => Gradients;

/** For results that do not change smoothly: comparisons, indices. */
const none = (): Gradients => [];

/** Gives the gradient to the operand that was chosen, the first one at a tie. */
function choose(
  node: Node,
  gradient: Node,
  wins: (a: Node, b: Node) => Node,
): Gradients {
  const [a, b] = node.inputs;
  const first = cast(wins(a, b), "float32");
  return [
    sumTo(multiply(gradient, first), a.shape),
    sumTo(multiply(gradient, subtract(1, first)), b.shape),
  ];
}

/** Puts reduced axes back and repeats along them. */
function expandReduced(
  gradient: Node,
  node: Node<"reduceSum"> | Node<"reduceMax">,
): Node {
  const [x] = node.inputs;
  const kept = x.shape.map((dim, axis) =>
    node.attributes.axes.includes(axis) ? 1 : dim
  );
  return broadcast(reshape(gradient, kept), x.shape);
}

function matmulGradient(node: Node<"matmul">, g: Node): Gradients {
  const [a, b] = node.inputs;
  const { transposeA, transposeB } = node.attributes;
  const gradientA = transposeA
    ? matmul(b, g, { transposeA: transposeB, transposeB: true })
    : matmul(g, b, { transposeB: !transposeB });
  const gradientB = transposeB
    ? matmul(g, a, { transposeA: true, transposeB: transposeA })
    : matmul(a, g, { transposeA: !transposeA });
  return [gradientA, gradientB];
}

function concatGradient(node: Node<"concat">, g: Node): Gradients {
  const { axis } = node.attributes;
  return split(g, axis, node.inputs.map(({ shape }) => shape[axis]));
}

/** Operations whose gradients are collected piece by piece. */
type Collected = "slice" | "scan" | "scanOutput";

/** The reverse of every other operation. */
const gradientRules: {
  readonly [Op in Exclude<OpName, Collected>]: GradientRule<Op>;
} = {
  input: none,
  constant: none,
  negate: (_, g) => [negate(g)],
  exp: (y, g) => [multiply(g, y)],
  log: ({ inputs: [x] }, g) => [divide(g, x)],
  sqrt: (y, g) => [divide(multiply(g, 0.5), y)],
  tanh: (y, g) => [multiply(g, subtract(1, square(y)))],
  sigmoid: (y, g) => [multiply(g, multiply(y, subtract(1, y)))],
  // d(x s(x)) = s + x s (1 - s) = s + y (1 - s), with y the swish itself.
  swish: (y, g) => {
    const s = sigmoid(y.inputs[0]);
    return [multiply(g, add(s, multiply(y, subtract(1, s))))];
  },
  // The result has its operand's sign, which then need not be kept.
  leakyRelu: (y, g) => {
    const above = cast(less(0, y), "float32");
    const { slope } = y.attributes;
    return [multiply(g, slope === 0 ? above : maximum(above, slope))];
  },
  abs: ({ inputs: [x] }, g) => [multiply(g, sign(x))],
  sign: none,
  add: ({ inputs: [a, b] }, g) => [sumTo(g, a.shape), sumTo(g, b.shape)],
  subtract: ({ inputs: [a, b] }, g) => [
    sumTo(g, a.shape),
    sumTo(negate(g), b.shape),
  ],
  multiply: ({ inputs: [a, b] }, g) =>
    a === b ? [multiply(multiply(g, a), 2)] : [
      sumTo(multiply(g, b), a.shape),
      sumTo(multiply(g, a), b.shape),
    ],
  divide: (y, g) => {
    const [a, b] = y.inputs;
    const ga = divide(g, b);
    return [sumTo(ga, a.shape), sumTo(negate(multiply(ga, y)), b.shape)];
  },
  maximum: (node, g) => choose(node, g, (a, b) => lessOrEqual(b, a)),
  minimum: (node, g) => choose(node, g, (a, b) => lessOrEqual(a, b)),
  less: none,
  lessOrEqual: none,
  equal: none,
  and: none,
  or: none,
  not: none,
  select: ({ inputs: [condition, a, b] }, g) => [
    undefined,
    sumTo(select(condition, g, 0), a.shape),
    sumTo(select(condition, 0, g), b.shape),
  ],
  reduceSum: (node, g) => [expandReduced(g, node)],
  reduceMax: (node, g) => {
    const [x] = node.inputs;
    const hit = cast(equal(x, expandReduced(node, node)), "float32");
    const count = sum(hit, node.attributes.axes, true);
    return [multiply(divide(hit, count), expandReduced(g, node))];
  },
  argMax: none,
  softmax: (y, g) => {
    const last = y.shape.length - 1;
    const mixed = sum(multiply(g, y), [last], true);
    return [multiply(y, subtract(g, mixed))];
  },
  matmul: matmulGradient,
  ...imageGradientRules,
  reshape: ({ inputs: [x] }, g) => [reshape(g, x.shape)],
  transpose: (node, g) => {
    const inverse: number[] = [];
    node.attributes.permutation.forEach((axis, i) => inverse[axis] = i);
    return [transpose(g, inverse)];
  },
  broadcast: ({ inputs: [x] }, g) => [sumTo(g, x.shape)],
  concat: concatGradient,
  gather: ({ inputs: [data, indices] }, g) => [
    scatterAdd(indices, g, staticDim(data.shape[0])),
  ],
  scatterAdd: ({ inputs: [indices] }, g) => [
    undefined,
    makeNode("gather", [g, indices], {}),
  ],
  cast: ({ inputs: [x] }, g) => x.dtype === "float32" ? [g] : [],
  stopGradient: none,
};

function hasRule(node: Node): node is Node<Exclude<OpName, Collected>> {
  return node.op in gradientRules;
}

function applyRule<Op extends Exclude<OpName, Collected>>(
  node: Node<Op>,
  gradient: Node,
): Gradients {
  return gradientRules[node.op](node, gradient);
}

/**
 * Gradients of a scalar `loss` with respect to `parameters`, in their order
 * and shapes; zero where the loss does not depend on one. Parameters are taken
 * as given: nothing flows from one into another. Throws TypeError when the
 * loss is not a float32 scalar.
 */
export function gradient(loss: Node, parameters: readonly Node[]): Node[] {
  if (loss.dtype !== "float32" || staticSize(loss.shape) !== 1) {
    throw new TypeError("gradient: the loss must be one float32 number");
  }
  const one = constant(Float32Array.of(1), loss.shape);
  return pullBack([loss], [one], parameters).map((slope, i) =>
    slope ?? broadcast(constant(0), parameters[i].shape)
  );
}

/** See {@link PullBack}. */
function pullBack(
  results: readonly Node[],
  gradients: Gradients,
  parameters: readonly Node[],
): Gradients {
  const given = new Set(parameters);
  const order = relevantOrder(results, given);
  const relevant = new Set(order);
  const sums = new GradientSums();
  const addAll = (nodes: readonly Node[], parts: Gradients): void =>
    parts.forEach((part, i) => {
      if (part && relevant.has(nodes[i])) sums.add(nodes[i], part);
    });
  addAll(results, gradients);
  for (const node of order.reverse()) {
    if (given.has(node)) continue;
    if (isOp(node, "scan")) {
      const wanted = node.inputs.map((source) => relevant.has(source));
      const parts = scanGradient(node, sums.ofResults(node), wanted, pullBack);
      addAll(node.inputs, parts);
      continue;
    }
    const g = sums.of(node);
    if (!g) continue;
    if (isOp(node, "slice")) {
      sums.addPiece(node.inputs[0], { ...node.attributes, gradient: g });
    } else if (isOp(node, "scanOutput")) {
      sums.addResult(node.inputs[0], node.attributes.index, g);
    } else if (hasRule(node)) {
      addAll(node.inputs, applyRule(node, g));
    }
  }
  return parameters.map((node) => sums.of(node));
}

/** Nodes between the parameters and the results, inputs before users. */
function relevantOrder(
  results: readonly Node[],
  parameters: ReadonlySet<Node>,
): Node[] {
  const relevant = new Map<Node, boolean>();
  const order: Node[] = [];
  const visit = (node: Node): boolean => {
    const known = relevant.get(node);
    if (known !== undefined) return known;
    let found = parameters.has(node);
    if (!found) {
      for (const source of node.inputs) found = visit(source) || found;
    }
    relevant.set(node, found);
    if (found) order.push(node);
    return found;
  };
  results.forEach(visit);
  return order;
}
