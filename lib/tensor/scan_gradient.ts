/**
 * Reverse mode of loops: the gradient of a scan is a scan over reversed time.
 *
 * Where a step is s_t+1, y_t = f(s_t, x_t, k) with carries s, slices x and
 * captured values k, a step back turns the gradients of s_t+1 and y_t into
 * those of s_t, x_t and k; k's are summed over the steps.
 */
import { BackwardLoop } from "./backward_loop.ts";
import { add, broadcast, constant, input, matmul, reshape } from "./build.ts";
import {
  type Dim,
  isOp,
  type Node,
  type ScanBody,
  type Shape,
  staticDim,
} from "./operation.ts";
import { dependenceOn } from "./scan.ts";
import { sameShape } from "./shape_rules.ts";

/** Gradients by position; undefined where none flows. */
export type Gradients = readonly (Node | undefined)[];

/**
 * The gradients of `parameters` from those of `results`. Parameters are taken
 * as given: nothing flows from one into another.
 */
export type PullBack = (
  results: readonly Node[],
  gradients: Gradients,
  parameters: readonly Node[],
) => Gradients;

/**
 * The gradients of a scan's inputs from those of its results, for those inputs
 * that are `wanted`.
 */
export function scanGradient(
  scan: Node<"scan">,
  gradients: Gradients,
  wanted: readonly boolean[],
  pullBack: PullBack,
): Gradients {
  const { body } = scan.attributes;
  const { incoming, outgoing } = stepBack(scan, gradients, wanted, pullBack);
  const loop = new BackwardLoop(scan);
  body.outputs.forEach((_, i) => {
    const position = body.carry.length + i;
    const [given, whole] = [incoming[position], gradients[position]];
    if (given && whole) loop.slice(given, whole);
  });
  const parts = [
    ...body.carry.map((state, i) => {
      const given = incoming[i];
      const start = gradients[i] ?? zeros(state.shape);
      const next = outgoing.get(state) ?? zeros(state.shape);
      return given && loop.carry(given, start, next);
    }),
    ...body.slices.map((slice) => {
      const slope = outgoing.get(slice);
      return slope && loop.stack(slope);
    }),
    ...body.captured.map((node) => {
      const slope = outgoing.get(node);
      return slope && sumOverSteps(slope, loop);
    }),
  ];
  loop.finish();
  return parts.map((read) => read?.());
}

/** One step back, over inputs of its own. */
interface StepBack {
  /** Gradients of next carries and outputs. */
  readonly incoming: readonly (Node<"input"> | undefined)[];
  /** Gradients of carries, slices and captured values. */
  readonly outgoing: ReadonlyMap<Node, Node>;
}

function stepBack(
  scan: Node<"scan">,
  gradients: Gradients,
  wanted: readonly boolean[],
  pullBack: PullBack,
): StepBack {
  const { body } = scan.attributes;
  const parameters = varyingParameters(body, wanted);
  const varying = [...parameters];
  const results = [...body.nextCarry, ...body.outputs];
  const incoming = results.map((node, i) => {
    const flows = i >= body.carry.length || parameters.has(body.carry[i]);
    return flows && gradients[i] ? input("gradient", node.shape) : undefined;
  });
  const outgoing = new Map<Node, Node>();
  // A carry that later steps read has a gradient even if nobody else reads it.
  for (let settled = false; !settled;) {
    settled = true;
    pullBack(results, incoming, varying).forEach((slope, i) => {
      if (slope) outgoing.set(varying[i], slope);
    });
    body.carry.forEach((state, i) => {
      if (incoming[i] || !outgoing.has(state)) return;
      incoming[i] = input("gradient", state.shape);
      settled = false;
    });
  }
  return { incoming, outgoing };
}

/** What of a body's parameters depends on the wanted inputs of its scan. */
function varyingParameters(
  { carry, slices, captured, nextCarry }: ScanBody,
  wanted: readonly boolean[],
): Set<Node> {
  const parameters = [...carry, ...slices, ...captured];
  const varying = new Set<Node>(parameters.filter((_, i) => wanted[i]));
  for (let size = -1; size < varying.size;) {
    size = varying.size;
    const varies = dependenceOn(varying);
    carry.forEach((state, i) => {
      if (varies(nextCarry[i])) varying.add(state);
    });
  }
  return varying;
}

/** The sum of `slope` over all steps, to be read when the loop is finished. */
function sumOverSteps(slope: Node, loop: BackwardLoop): () => Node {
  const isProduct = (node: Node): node is Node<"matmul"> =>
    isOp(node, "matmul") && joinsRows(node, loop.length);
  if (
    isOp(slope, "add") && slope.inputs.some(isProduct) &&
    slope.inputs.every((x) => sameShape(x.shape, slope.shape))
  ) {
    const parts = slope.inputs.map((part) => sumOverSteps(part, loop));
    return () => parts.map((read) => read()).reduce(add);
  }
  if (isProduct(slope)) {
    const parts = slope.inputs.map((part) => loop.stack(part));
    return () => {
      const [a, b] = parts.map((read) => flattenSteps(read()));
      return matmul(a, b, { transposeA: true });
    };
  }
  const sum = input("sum", slope.shape);
  return loop.carry(sum, zeros(slope.shape), add(sum, slope));
}

/**
 * True for a sum over rows of products that can be done for the rows of all
 * steps at once, which is what a weight's gradient is.
 */
function joinsRows(node: Node<"matmul">, steps: Dim): boolean {
  const { transposeA, transposeB } = node.attributes;
  const shapes = node.inputs.map(({ shape }) => shape);
  return transposeA && !transposeB && node.shape.length === 2 &&
    steps !== 0 &&
    [steps, ...shapes.flat()].every((dim) => typeof dim === "number");
}

/** `[steps, rows, columns]` as `[steps * rows, columns]`. */
function flattenSteps(x: Node): Node {
  const [steps, rows, columns] = x.shape.map(staticDim);
  return reshape(x, [steps * rows, columns]);
}

function zeros(shape: Shape): Node {
  return broadcast(constant(0), shape);
}
