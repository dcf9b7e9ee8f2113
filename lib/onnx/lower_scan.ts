/**
 * How loops become ONNX: a Scan where it is known that there is something to
 * go through, which hands out slices and takes in outputs without a copy;
 * otherwise a Loop that gathers its slices by number.
 */
import type { Dim, Node } from "../tensor/operation.ts";
import { makeValueInfo } from "./graph_writer.ts";
import type { LoweringContext } from "./lowering_rules.ts";
import { nameOutputs } from "./name_outputs.ts";
import type { OnnxGraph, OnnxValueInfo } from "./onnx_schema.ts";

/** Writes a loop and returns the names of its results. */
export function lowerScan(
  node: Node<"scan">,
  context: LoweringContext,
): readonly string[] {
  const { body, length } = node.attributes;
  const isScan = typeof length === "number" && length > 0 &&
    body.slices.length > 0;
  return isScan ? writeScan(node, context) : writeLoop(node, context);
}

/** Names of what a loop starts with and what it slices. */
function lowerInputs(
  { inputs, attributes: { body } }: Node<"scan">,
  { nameOf }: LoweringContext,
): { carries: string[]; wholes: string[] } {
  body.captured.forEach(nameOf);
  const [first, last] = [body.carry.length, body.slices.length];
  return {
    carries: inputs.slice(0, first).map(nameOf),
    wholes: inputs.slice(first, first + last).map(nameOf),
  };
}

/** Names body parameters afresh and declares them. */
function declare(
  parameters: readonly Node<"input">[],
  body: LoweringContext,
): OnnxValueInfo[] {
  return parameters.map((node) => {
    const name = body.writer.freshName(node.attributes.name);
    body.setName(node, name);
    return makeValueInfo(name, node.dtype, node.shape);
  });
}

/** The graph of one step, with further inputs and outputs in front. */
function finishBody(
  node: Node<"scan">,
  body: LoweringContext,
  inputs: readonly OnnxValueInfo[],
  outputs: readonly OnnxValueInfo[] = [],
): { body: { graph: OnnxGraph } } {
  const { nextCarry, outputs: stacked } = node.attributes.body;
  const results = [...nextCarry, ...stacked].map((result) =>
    [body.writer.freshName("result"), result] as const
  );
  nameOutputs(body, Object.fromEntries(results));
  const graph = body.writer.finish(body.writer.freshName("body"), inputs, [
    ...outputs,
    ...results.map(([name, { dtype, shape }]) =>
      makeValueInfo(name, dtype, shape)
    ),
  ]);
  return { body: { graph } };
}

function writeScan(
  node: Node<"scan">,
  context: LoweringContext,
): readonly string[] {
  const { body, reverse } = node.attributes;
  const { carries, wholes } = lowerInputs(node, context);
  const inner = context.openBody(body);
  const inputs = declare([...body.carry, ...body.slices], inner);
  const results = [...body.nextCarry, ...body.outputs];
  const names = results.map(() => context.writer.freshName("scan"));
  const directions = (count: number) => ({
    ints: new Array<number>(count).fill(Number(reverse)),
  });
  context.writer.emitAll("Scan", [...carries, ...wholes], names, {
    ...finishBody(node, inner, inputs),
    num_scan_inputs: { int: wholes.length },
    scan_input_directions: directions(wholes.length),
    scan_output_directions: directions(body.outputs.length),
  });
  return names;
}

function writeLoop(
  node: Node<"scan">,
  context: LoweringContext,
): readonly string[] {
  const { writer } = context;
  const { body, length, reverse } = node.attributes;
  const { carries, wholes } = lowerInputs(node, context);
  const count = countSteps(length, context);
  const inner = context.openBody(body);
  const turn = writer.freshName("turn");
  const goOn = writer.freshName("go_on");
  const step = reverse ? stepFromEnd(turn, count, context, inner) : turn;
  body.slices.forEach((slice, i) =>
    inner.setName(
      slice,
      inner.writer.emit("Gather", [wholes[i], step], { axis: { int: 0 } }),
    )
  );
  const inputs = [
    makeValueInfo(turn, "int64", []),
    makeValueInfo(goOn, "bool", []),
    ...declare(body.carry, inner),
  ];
  const again = inner.writer.emit("Identity", [goOn]);
  const results = [...body.nextCarry, ...body.outputs];
  const names = results.map(() => writer.freshName("loop"));
  writer.emitAll("Loop", [count, "", ...carries], names, {
    ...finishBody(node, inner, inputs, [makeValueInfo(again, "bool", [])]),
  });
  return names.map((name, i) =>
    reverse && i >= carries.length ? turnAround(name, context) : name
  );
}

/** The number of steps as an int64 scalar. */
function countSteps(
  length: Dim,
  { writer, readSize }: LoweringContext,
): string {
  const count = typeof length === "number"
    ? writer.integers([length])
    : readSize(length);
  return writer.emit("Reshape", [count, writer.integers([])]);
}

/** count - 1 - turn. */
function stepFromEnd(
  turn: string,
  count: string,
  { writer }: LoweringContext,
  inner: LoweringContext,
): string {
  const one = writer.addInitializer("int64", BigInt64Array.of(1n), []);
  const last = writer.emit("Sub", [count, one]);
  return inner.writer.emit("Sub", [last, turn]);
}

/** The steps of an output in the other order. */
function turnAround(
  name: string,
  { writer, opset }: LoweringContext,
): string {
  if (opset < 10) throw new TypeError("reverse needs operator set 10");
  const bounds = [[-1], [Number.MIN_SAFE_INTEGER], [0], [-1]];
  return writer.emit("Slice", [
    name,
    ...bounds.map((values) => writer.integers(values)),
  ]);
}
