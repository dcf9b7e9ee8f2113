/** Nodes built again over other values. */
import { makeNode } from "./build.ts";
import { isOp, type Node } from "./operation.ts";
import { makeScan } from "./scan.ts";

/** The node with all that it reads rewritten, a scan's body included. */
export function rebuildNode(
  node: Node,
  rewrite: (node: Node) => Node,
): Node {
  if (isOp(node, "input") || isOp(node, "constant")) return node;
  const inputs = node.inputs.map(rewrite);
  if (!isOp(node, "scan")) return makeNode(node.op, inputs, node.attributes);
  const { body, ...way } = node.attributes;
  const { carry, slices } = body;
  return makeScan(
    {
      carry,
      slices,
      nextCarry: body.nextCarry.map(rewrite),
      outputs: body.outputs.map(rewrite),
    },
    inputs.slice(0, carry.length + slices.length),
    way,
  );
}

/** The results with every key of `replacements` replaced by its value. */
export function substitute(
  results: readonly Node[],
  replacements: ReadonlyMap<Node, Node>,
): Node[] {
  const done = new Map(replacements);
  const rewrite = (node: Node): Node => {
    const known = done.get(node);
    if (known) return known;
    // What a body reads from outside stands among the inputs of its scan.
    const changed = node.inputs.some((source) => rewrite(source) !== source);
    const result = changed ? rebuildNode(node, rewrite) : node;
    done.set(node, result);
    return result;
  };
  return results.map(rewrite);
}
