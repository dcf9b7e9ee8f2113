import { concat, reshape, slice } from "../../lib/tensor/build.ts";
import { isOp, type Node, staticDim } from "../../lib/tensor/operation.ts";
import { rebuildNode, substitute } from "../../lib/tensor/rebuild.ts";

/** The same results without loops: every step of a scan written out. */
export function unroll(results: readonly Node[]): Node[] {
  const done = new Map<Node, Node>();
  const loops = new Map<Node, Node[]>();
  const rewrite = (node: Node): Node => {
    const known = done.get(node);
    if (known) return known;
    const [scan] = node.inputs;
    const result = isOp(node, "scanOutput") && isOp(scan, "scan")
      ? stepsOf(scan)[node.attributes.index]
      : rebuildNode(node, rewrite);
    done.set(node, result);
    return result;
  };
  const stepsOf = (scan: Node<"scan">): Node[] => {
    const known = loops.get(scan) ?? unrollScan(scan, rewrite);
    loops.set(scan, known);
    return known;
  };
  return results.map(rewrite);
}

/** Last carries and stacked outputs of at least one step. */
function unrollScan(
  scan: Node<"scan">,
  rewrite: (node: Node) => Node,
): Node[] {
  const { body, length, reverse } = scan.attributes;
  const count = body.carry.length;
  const inputs = scan.inputs.map(rewrite);
  let carry = inputs.slice(0, count);
  const steps = Array.from({ length: staticDim(length) }, (_, step) => step);
  const stacked: Node[][] = body.outputs.map(() => []);
  for (const step of reverse ? steps.reverse() : steps) {
    const known = new Map<Node, Node>();
    body.carry.forEach((node, i) => known.set(node, carry[i]));
    body.slices.forEach((node, i) => {
      const row = slice(inputs[count + i], 0, step, step + 1);
      known.set(node, reshape(row, node.shape));
    });
    body.captured.forEach((node, i) =>
      known.set(node, inputs[count + body.slices.length + i])
    );
    const results = [...body.nextCarry, ...body.outputs];
    const values = unroll(substitute(results, known));
    carry = values.slice(0, count);
    values.slice(count).forEach((value, i) => {
      const row = reshape(value, [1, ...value.shape]);
      if (reverse) stacked[i].unshift(row);
      else stacked[i].push(row);
    });
  }
  return [...carry, ...stacked.map((rows) => concat(rows, 0))];
}
