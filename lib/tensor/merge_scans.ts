/**
 * Loops that go through the same states become one, with only those outputs
 * that are read. A gradient asks for more outputs of a loop than its loss does.
 */
import { isOp, type Node } from "./operation.ts";
import { rebuildNode } from "./rebuild.ts";
import { makeScan, scanOutput } from "./scan.ts";

/** Scans of the same body parameters, states and inputs. */
interface Family {
  readonly first: Node<"scan">;
  /** What any of them stacks and somebody reads. */
  readonly outputs: Set<Node>;
}

/** The same results from merged loops. */
export function mergeScans(results: readonly Node[]): Node[] {
  const families = findFamilies(results);
  const merged = new Map<Family, Node<"scan">>();
  const done = new Map<Node, Node>();

  const merge = (family: Family): Node<"scan"> => {
    const known = merged.get(family);
    if (known) return known;
    const { body, ...way } = family.first.attributes;
    const { carry, slices } = body;
    const scan = makeScan(
      {
        carry,
        slices,
        nextCarry: body.nextCarry.map(rewrite),
        outputs: [...family.outputs].map(rewrite),
      },
      family.first.inputs.slice(0, carry.length + slices.length).map(rewrite),
      way,
    );
    merged.set(family, scan);
    return scan;
  };

  const readMerged = (node: Node<"scanOutput">): Node => {
    const [scan] = node.inputs;
    const family = families.get(scan);
    if (!family || !isOp(scan, "scan")) throw new TypeError("not a scan");
    const { body } = scan.attributes;
    const { index } = node.attributes;
    const stacked = body.outputs[index - body.carry.length];
    const position = [...family.outputs].indexOf(stacked);
    return scanOutput(
      merge(family),
      stacked ? body.carry.length + position : index,
    );
  };

  const rewrite = (node: Node): Node => {
    const known = done.get(node);
    if (known) return known;
    const result = isOp(node, "scanOutput")
      ? readMerged(node)
      : rebuildNode(node, rewrite);
    done.set(node, result);
    return result;
  };
  return results.map(rewrite);
}

/** The family of every scan that the results read, in bodies too. */
function findFamilies(results: readonly Node[]): Map<Node, Family> {
  const families = new Map<Node, Family>();
  const byKey = new Map<string, Family>();
  const ids = new Map<Node, number>();
  const id = (node: Node): number => {
    const known = ids.get(node) ?? ids.size;
    ids.set(node, known);
    return known;
  };
  const familyOf = (scan: Node<"scan">): Family => {
    const { body, length, reverse } = scan.attributes;
    const { carry, slices, nextCarry } = body;
    const explicit = scan.inputs.slice(0, carry.length + slices.length);
    const key = [carry, slices, nextCarry, explicit].map((nodes) =>
      nodes.map(id).join()
    ).concat(`${length}`, `${reverse}`).join("|");
    const family = byKey.get(key) ?? { first: scan, outputs: new Set<Node>() };
    byKey.set(key, family);
    families.set(scan, family);
    return family;
  };

  const visited = new Set<Node>();
  const visit = (node: Node): void => {
    if (visited.has(node)) return;
    visited.add(node);
    const [scan] = node.inputs;
    if (isOp(node, "scanOutput") && isOp(scan, "scan")) {
      const { body } = scan.attributes;
      const stacked = body.outputs[node.attributes.index - body.carry.length];
      const family = familyOf(scan);
      if (stacked) {
        family.outputs.add(stacked);
        visit(stacked);
      }
      body.nextCarry.forEach(visit);
    }
    node.inputs.forEach(visit);
  };
  results.forEach(visit);
  return families;
}
