/** Loops over explicit state, as one node of a program. */
import { input, makeNode, type Nodes } from "./build.ts";
import type { Node, OpAttributes, ScanBody } from "./operation.ts";

/** Values under a fixed set of names. */
export type NodesOf<Name extends string> = Readonly<Record<Name, Node>>;

/** What one step of a scan, or all of them, leave behind. */
export interface ScanResult<C extends string, O extends Nodes> {
  readonly carry: NodesOf<C>;
  readonly outputs: O;
}

/**
 * Repeats `body` over the leading axis of `slices`, carrying state:
 * `carry_0 -> carry_1 -> ...`. Returns the last carry and the stacked outputs
 * `[steps, ...]`. With `reverse` it begins at the last step. What the body
 * computes without its arguments is computed once, outside. Throws TypeError
 * when carry types change.
 */
export function scan<C extends string, S extends string, O extends string>(
  carry: NodesOf<C>,
  slices: NodesOf<S>,
  body: (carry: NodesOf<C>, slice: NodesOf<S>) => ScanResult<C, NodesOf<O>>,
  { reverse = false } = {},
): ScanResult<C, NodesOf<O>> {
  const carryNames = namesOf(carry);
  const sliceNames = namesOf(slices);
  if (sliceNames.length === 0) {
    throw new TypeError("scan: needs something to slice");
  }
  const length = slices[sliceNames[0]].shape[0];
  const carryInputs = carryNames.map((name) =>
    input(name, carry[name].shape, carry[name].dtype)
  );
  const sliceInputs = sliceNames.map((name) =>
    input(name, slices[name].shape.slice(1), slices[name].dtype)
  );
  const result = body(
    record(carryNames, carryInputs),
    record(sliceNames, sliceInputs),
  );
  const outputNames = namesOf(result.outputs);
  const nextCarry = carryNames.map((name) => result.carry[name]);
  const outputs = outputNames.map((name) => result.outputs[name]);
  const node = makeScan(
    { carry: carryInputs, slices: sliceInputs, nextCarry, outputs },
    [
      ...carryNames.map((name) => carry[name]),
      ...sliceNames.map((name) => slices[name]),
    ],
    { length, reverse },
  );
  const read = (index: number) => scanOutput(node, index);
  const first = carryNames.length;
  return {
    carry: record(carryNames, carryNames.map((_, i) => read(i))),
    outputs: record(outputNames, outputNames.map((_, i) => read(first + i))),
  };
}

/**
 * A scan from its body and its first carries and sliced values; what else the
 * body reads is captured.
 */
export function makeScan(
  body: Omit<ScanBody, "captured">,
  inputs: readonly Node[],
  way: Omit<OpAttributes["scan"], "body">,
): Node<"scan"> {
  const captured = capturedNodes(
    [...body.nextCarry, ...body.outputs],
    new Set<Node>([...body.carry, ...body.slices]),
  );
  return makeNode("scan", [...inputs, ...captured], {
    ...way,
    body: { ...body, captured },
  });
}

/** A result of a scan: last carries first, then stacked outputs. */
export function scanOutput(scan: Node<"scan">, index: number): Node {
  return makeNode("scanOutput", [scan], { index });
}

/** Tells nodes that are, or are computed from, one of `parameters`. */
export function dependenceOn(
  parameters: ReadonlySet<Node>,
): (node: Node) => boolean {
  const known = new Map<Node, boolean>();
  const depends = (node: Node): boolean => {
    let found = known.get(node);
    if (found !== undefined) return found;
    found = parameters.has(node) || node.inputs.some(depends);
    known.set(node, found);
    return found;
  };
  return depends;
}

/** Nodes independent of `parameters` that dependent ones (or results) read. */
export function capturedNodes(
  results: readonly Node[],
  parameters: ReadonlySet<Node>,
): Node[] {
  const depends = dependenceOn(parameters);
  const captured = new Set<Node>();
  const visited = new Set<Node>();
  const visit = (node: Node): void => {
    if (visited.has(node)) return;
    visited.add(node);
    if (!depends(node)) {
      captured.add(node);
      return;
    }
    node.inputs.forEach(visit);
  };
  results.forEach(visit);
  return [...captured];
}

// TypeScript types keys of any object as strings; here they are all there are.
function namesOf<Name extends string>(nodes: NodesOf<Name>): Name[] {
  return Object.keys(nodes) as Name[];
}

function record<Name extends string>(
  names: readonly Name[],
  nodes: readonly Node[],
): NodesOf<Name> {
  const entries = names.map((name, i) => [name, nodes[i]]);
  return Object.fromEntries(entries) as NodesOf<Name>;
}
