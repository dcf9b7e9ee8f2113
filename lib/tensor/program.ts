/** A tensor program: named inputs to named outputs; verified, printed. */
import { createHash } from "node:crypto";
import {
  type ConstantData,
  isOp,
  type Node,
  type OpAttributes,
  type OpName,
  type ScanBody,
} from "./operation.ts";
import type { Nodes } from "./build.ts";
import { describeType, sameShape, shapeRules } from "./shape_rules.ts";

export interface Program {
  readonly name: string;
  /** In the order of the argument list; unused inputs are kept. */
  readonly inputs: readonly Node<"input">[];
  readonly outputs: Nodes;
}

/** Makes and verifies a program. */
export function makeProgram(
  name: string,
  inputs: readonly Node<"input">[],
  outputs: Nodes,
): Program {
  const program = { name, inputs, outputs };
  verifyProgram(program);
  return program;
}

/** Nodes in order of computation; a scan's body is not entered. */
export function orderNodes(
  results: readonly Node[],
  given: Iterable<Node> = [],
): Node[] {
  const visited = new Set<Node>(given);
  const order: Node[] = [];
  const visit = (node: Node): void => {
    if (visited.has(node)) return;
    visited.add(node);
    node.inputs.forEach(visit);
    order.push(node);
  };
  results.forEach(visit);
  return order;
}

/** The nodes that one step of a scan computes. */
export function orderBody(body: ScanBody): Node[] {
  return orderNodes([...body.nextCarry, ...body.outputs], [
    ...body.carry,
    ...body.slices,
    ...body.captured,
  ]);
}

/**
 * Checks every node against its shape rule, every input against the list, and
 * that inputs and outputs have names of their own. Throws TypeError naming the
 * culprit.
 */
export function verifyProgram(program: Program): void {
  const names = program.inputs.map((node) => node.attributes.name);
  names.push(...Object.keys(program.outputs));
  const repeated = names.find((name, i) => names.indexOf(name) !== i);
  if (repeated !== undefined) {
    throw new TypeError(`${program.name}: the name "${repeated}" repeats`);
  }
  const check = (nodes: readonly Node[]): void => {
    for (const node of nodes) {
      if (isOp(node, "input")) {
        throw new TypeError(
          `${program.name}: input "${node.attributes.name}" is not declared`,
        );
      }
      if (!isOp(node, "constant")) checkType(program.name, node);
      if (isOp(node, "scan")) check(orderBody(node.attributes.body));
    }
  };
  check(orderNodes(Object.values(program.outputs), program.inputs));
}

function checkType<Op extends OpName>(name: string, node: Node<Op>): void {
  const type = shapeRules[node.op](node.inputs, node.attributes);
  if (!sameShape(type.shape, node.shape) || type.dtype !== node.dtype) {
    throw new TypeError(
      `${name}: ${node.op} claims ${describeType(node)}, ` +
        `its rule says ${describeType(type)}`,
    );
  }
}

/** The program as text, one node per line, for snapshots. */
export function printProgram(program: Program): string {
  const names = new Map<Node, string>();
  const lines: string[] = [];
  const nameOf = (node: Node): string => names.get(node) ?? "?";
  const declare = (node: Node, name: string) => names.set(node, name);

  const print = (nodes: readonly Node[], indent: string): void => {
    for (const node of nodes) {
      declare(node, `%${names.size}`);
      if (isOp(node, "scan")) {
        const { body, length, reverse } = node.attributes;
        const way = reverse ? " in reverse" : "";
        lines.push(`${indent}${nameOf(node)} = scan over ${length}${way}`);
        [...body.carry, ...body.slices].forEach((source, i) => {
          declare(source, `%${names.size}`);
          const kind = i < body.carry.length ? "carry" : "slice";
          lines.push(
            `${indent}  ${kind} ${nameOf(source)} from ${
              nameOf(node.inputs[i])
            }`,
          );
        });
        print(orderBody(body), `${indent}  `);
        lines.push(
          `${indent}  next ${body.nextCarry.map(nameOf).join(", ")}`,
          `${indent}  stack ${body.outputs.map(nameOf).join(", ")}`,
        );
        continue;
      }
      const operands = node.inputs.map(nameOf);
      lines.push(
        `${indent}${nameOf(node)} = ${node.op}(${operands.join(", ")})` +
          `${printAttributes(node.attributes)} : ${describeType(node)}`,
      );
    }
  };

  lines.push(`program ${program.name}`);
  for (const node of program.inputs) {
    declare(node, `%${names.size}`);
    lines.push(
      `${nameOf(node)} = input "${node.attributes.name}" : ` +
        describeType(node),
    );
  }
  const outputs = Object.entries(program.outputs);
  print(orderNodes(outputs.map(([, node]) => node), program.inputs), "");
  for (const [name, node] of outputs) {
    lines.push(`output "${name}" = ${nameOf(node)}`);
  }
  return lines.join("\n") + "\n";
}

/** Attributes as text, equal for equal attributes only. */
export function printAttributes(attributes: OpAttributes[OpName]): string {
  const parts = Object.entries(attributes).map(([key, value]) =>
    `${key}=${printValue(value)}`
  );
  return parts.length ? ` {${parts.join(", ")}}` : "";
}

function printValue(value: unknown): string {
  const isData = value instanceof Float32Array || value instanceof Int32Array ||
    value instanceof Uint8Array;
  if (isData) return printData(value);
  return Array.isArray(value) ? `[${value.join(", ")}]` : String(value);
}

/** Short data in full, long data by its digest. */
function printData(data: ConstantData): string {
  const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  if (bytes.length > 64) {
    return createHash("sha256").update(bytes).digest("hex").slice(0, 16);
  }
  // As text a zero loses its sign, which decides the sign of an infinity.
  const values = Array.from<number, string>(
    data,
    (value) => Object.is(value, -0) ? "-0" : `${value}`,
  );
  return `[${values}]`;
}
