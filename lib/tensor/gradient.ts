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
  lessOrEqual,
  makeNode,
  matmul,
  multiply,
  negate,
  reshape,
  scatterAdd,
  select,
  sigmoid,
  sign,
  slice,
  square,
  subtract,
  sum,
  sumTo,
  transpose,
} from "./build.ts";
import { type Node, type OpName, staticDim, staticSize } from "./operation.ts";

/** Gradients by input; undefined where none flows. */
type InputGradients = readonly (Node | undefined)[];

/** `gradient` has the node's shape; the answers have the inputs' shapes. */
type GradientRule<Op extends OpName> = (
  node: Node<Op>,
  gradient: Node,
) => InputGradients;

/** For results that do not change smoothly: comparisons, indices. */
const none = (): InputGradients => [];

/** Gives the gradient to the operand that was chosen, the first one at a tie. */
function choose(
  node: Node,
  gradient: Node,
  wins: (a: Node, b: Node) => Node,
): InputGradients {
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

function matmulGradient(node: Node<"matmul">, g: Node): InputGradients {
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

/** Zeros around a gradient of a slice. */
function sliceGradient(node: Node<"slice">, g: Node): InputGradients {
  const [x] = node.inputs;
  const { axis, start, end } = node.attributes;
  const zeros = (size: number) => {
    const shape = x.shape.map((dim, i) => i === axis ? size : dim);
    return broadcast(constant(0), shape);
  };
  const parts = [g];
  if (start > 0) parts.unshift(zeros(start));
  const rest = staticDim(x.shape[axis]) - end;
  if (rest > 0) parts.push(zeros(rest));
  return [parts.length === 1 ? g : makeNode("concat", parts, { axis })];
}

function concatGradient(node: Node<"concat">, g: Node): InputGradients {
  const { axis } = node.attributes;
  let start = 0;
  return node.inputs.map((part) => {
    const end = start + staticDim(part.shape[axis]);
    const piece = slice(g, axis, start, end);
    start = end;
    return piece;
  });
}

/** The reverse of every operation. */
const gradientRules: { readonly [Op in OpName]: GradientRule<Op> } = {
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
  reshape: ({ inputs: [x] }, g) => [reshape(g, x.shape)],
  transpose: (node, g) => {
    const inverse: number[] = [];
    node.attributes.permutation.forEach((axis, i) => inverse[axis] = i);
    return [transpose(g, inverse)];
  },
  broadcast: ({ inputs: [x] }, g) => [sumTo(g, x.shape)],
  slice: sliceGradient,
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
  scan: () => {
    throw new TypeError("gradient: a scan cannot be differentiated");
  },
  scanOutput: (_, g) => [g],
};

function applyRule<Op extends OpName>(
  node: Node<Op>,
  gradient: Node,
): InputGradients {
  return gradientRules[node.op](node, gradient);
}

/**
 * Gradients of a scalar `loss` with respect to `parameters`, in their order
 * and shapes; zero where the loss does not depend on one. Throws TypeError
 * when the loss is not a float32 scalar.
 */
export function gradient(loss: Node, parameters: readonly Node[]): Node[] {
  if (loss.dtype !== "float32" || staticSize(loss.shape) !== 1) {
    throw new TypeError("gradient: the loss must be one float32 number");
  }
  const order = relevantOrder(loss, new Set(parameters));
  const relevant = new Set(order);
  const gradients = new Map<Node, Node>([
    [loss, constant(Float32Array.of(1), loss.shape)],
  ]);
  for (const node of order.reverse()) {
    const g = gradients.get(node);
    if (!g) continue;
    applyRule(node, g).forEach((part, i) => {
      const source = node.inputs[i];
      if (!part || !relevant.has(source)) return;
      const known = gradients.get(source);
      gradients.set(source, known ? add(known, part) : part);
    });
  }
  return parameters.map((node) =>
    gradients.get(node) ?? broadcast(constant(0), node.shape)
  );
}

/** Nodes between the parameters and the loss, inputs before users. */
function relevantOrder(loss: Node, parameters: ReadonlySet<Node>): Node[] {
  const relevant = new Map<Node, boolean>();
  const order: Node[] = [];
  const visit = (node: Node): boolean => {
    const known = relevant.get(node);
    if (known !== undefined) return known;
    let found = parameters.has(node);
    for (const source of node.inputs) found = visit(source) || found;
    relevant.set(node, found);
    if (found) order.push(node);
    return found;
  };
  visit(loss);
  return order;
}
