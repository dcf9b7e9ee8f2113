/**
 * Runs a tensor program in plain TypeScript, one element at a time. Slow on
 * purpose: it is what compiled programs are compared with.
 */
import {
  type ConstantData,
  type Dim,
  isOp,
  type Node,
  type OpName,
} from "./operation.ts";
import { evaluateDim } from "./dims.ts";
import { type InterpretContext, interpretRules } from "./interpret_rules.ts";
import {
  emptyValue,
  type Precision,
  sizeOf,
  type Value,
} from "./interpret_values.ts";
import type { Program } from "./program.ts";

/** Values by input name. */
export type Feeds = Readonly<Record<string, Value>>;

/** Computes all outputs. Throws TypeError on a missing or misshapen input. */
export function interpret(
  program: Program,
  feeds: Feeds,
  precision: Precision = "float32",
): Record<string, Value> {
  const sizes = new Map<string, number>();
  const values = new Map<Node, Value>();
  for (const node of program.inputs) {
    const { name } = node.attributes;
    const value = feeds[name];
    if (!value) throw new TypeError(`no value for input "${name}"`);
    bindSizes(node, value, sizes);
    const copy = emptyValue(node.dtype, value.shape, precision);
    copy.data.set(value.data);
    values.set(node, copy);
  }
  const evaluator = new Evaluator(values, sizes, precision);
  return Object.fromEntries(
    Object.entries(program.outputs).map((
      [name, node],
    ) => [name, evaluator.value(node)]),
  );
}

/** The value of a node whose inputs are all constants. */
export function evaluateConstant(node: Node): ConstantData {
  const evaluator = new Evaluator(new Map(), new Map(), "float32");
  const { data } = evaluator.value(node);
  if (data instanceof Float64Array) throw new TypeError("float64 constant");
  return data;
}

function bindSizes(
  node: Node<"input">,
  value: Value,
  sizes: Map<string, number>,
): void {
  const fits = value.shape.length === node.shape.length &&
    value.data.length === sizeOf(value.shape) &&
    node.shape.every((dim, i) => {
      if (typeof dim === "number") return dim === value.shape[i];
      const known = sizes.get(dim);
      sizes.set(dim, value.shape[i]);
      return known === undefined || known === value.shape[i];
    });
  if (!fits) {
    throw new TypeError(
      `input "${node.attributes.name}" has shape [${value.shape}], ` +
        `the program takes [${node.shape}]`,
    );
  }
}

class Evaluator implements InterpretContext {
  readonly #values: Map<Node, Value>;
  readonly #scans = new Map<Node, readonly Value[]>();
  readonly #bound: ReadonlyMap<string, number>;
  readonly precision: Precision;

  constructor(
    values: Map<Node, Value>,
    bound: ReadonlyMap<string, number>,
    precision: Precision,
  ) {
    this.#values = values;
    this.#bound = bound;
    this.precision = precision;
  }

  value(node: Node): Value {
    const known = this.#values.get(node);
    if (known) return known;
    const inputs = node.inputs.map((source) => this.value(source));
    const result = applyRule(node, inputs, this);
    this.#values.set(node, result);
    return result;
  }

  sizes(shape: readonly Dim[]): number[] {
    return shape.map((dim) =>
      evaluateDim(dim, (name) => {
        const size = this.#bound.get(name);
        if (size === undefined) throw new TypeError(`unknown size "${name}"`);
        return size;
      })
    );
  }

  scanResult(node: Node, index: number): Value {
    if (!isOp(node, "scan")) throw new TypeError("not a scan");
    let results = this.#scans.get(node);
    if (!results) {
      results = this.#runScan(
        node,
        node.inputs.map((source) => this.value(source)),
      );
      this.#scans.set(node, results);
    }
    return results[index];
  }

  #runScan(node: Node<"scan">, inputs: readonly Value[]): Value[] {
    const { body, length, reverse } = node.attributes;
    const [steps] = this.sizes([length]);
    const sliceStart = body.carry.length;
    const capturedStart = sliceStart + body.slices.length;
    let carry = inputs.slice(0, sliceStart);
    const stacked = body.outputs.map((output) =>
      emptyValue(
        output.dtype,
        [steps, ...this.sizes(output.shape)],
        this.precision,
      )
    );
    for (let turn = 0; turn < steps; turn++) {
      const step = reverse ? steps - 1 - turn : turn;
      const local = new Map<Node, Value>();
      body.carry.forEach((source, i) => local.set(source, carry[i]));
      body.slices.forEach((source, i) =>
        local.set(source, sliceOf(inputs[sliceStart + i], step))
      );
      body.captured.forEach((source, i) =>
        local.set(source, inputs[capturedStart + i])
      );
      const inner = new Evaluator(local, this.#bound, this.precision);
      carry = body.nextCarry.map((result) => inner.value(result));
      body.outputs.forEach((output, i) => {
        const value = inner.value(output);
        stacked[i].data.set(value.data, step * value.data.length);
      });
    }
    return [...carry, ...stacked];
  }
}

function sliceOf(whole: Value, step: number): Value {
  const shape = whole.shape.slice(1);
  const size = sizeOf(shape);
  return { data: whole.data.slice(step * size, (step + 1) * size), shape };
}

function applyRule<Op extends OpName>(
  node: Node<Op>,
  inputs: readonly Value[],
  context: InterpretContext,
): Value {
  return interpretRules[node.op](inputs, node, context);
}
