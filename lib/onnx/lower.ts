/** Compiles a tensor program into one ONNX model. */
import {
  type Dim,
  isOp,
  type Node,
  type OpName,
  staticDim,
} from "../tensor/operation.ts";
import type { Nodes } from "../tensor/build.ts";
import { orderBody, orderNodes, type Program } from "../tensor/program.ts";
import { GraphWriter, makeValueInfo } from "./graph_writer.ts";
import { type LoweringContext, loweringRules } from "./lowering_rules.ts";
import { encodeModel, type OnnxModel } from "./onnx_schema.ts";

/** Which ONNX reader the model is for. */
export interface LoweringTarget {
  readonly opset: number;
  /** May use onnxruntime's own fused operators. */
  readonly fused: boolean;
}

/** For onnxruntime: a recent operator set and its fused operators. */
export const runtimeTarget: LoweringTarget = { opset: 18, fused: true };

/** For Unity's readers: plain operator set 9. */
export const unityTarget: LoweringTarget = { opset: 9, fused: false };

/** The program as bytes of an ONNX model, for onnxruntime unless told. */
export function lowerProgram(
  program: Program,
  target = runtimeTarget,
): Uint8Array {
  const writer = new GraphWriter();
  const lowering = new Lowering(writer, target, program);
  nameOutputs(writer, lowering, program.outputs);
  const graph = writer.finish(
    program.name,
    program.inputs.map((node) =>
      makeValueInfo(node.attributes.name, node.dtype, node.shape)
    ),
    Object.entries(program.outputs).map(([name, node]) =>
      makeValueInfo(name, node.dtype, node.shape)
    ),
  );
  return encodeModel(makeModel(graph, target));
}

/**
 * Gives results their public names: by renaming the node that computes one, or
 * by a copy where the value comes from elsewhere or has two names.
 */
export function nameOutputs(
  writer: GraphWriter,
  lowering: Lowering,
  outputs: Nodes,
): void {
  const renamed = new Map<string, string>();
  for (const [name, node] of Object.entries(outputs)) {
    const value = lowering.nameOf(node);
    const computed = writer.nodes.some(({ output }) => output.includes(value));
    if (computed && !renamed.has(value)) renamed.set(value, name);
    else writer.emit("Identity", [value], {}, { output: name });
  }
  writer.rename(renamed);
}

/** Wraps a graph into a model file. */
export function makeModel(
  graph: OnnxModel["graph"],
  { opset, fused }: LoweringTarget,
): OnnxModel {
  return {
    irVersion: opset >= 13 ? 8 : 4,
    producerName: "deno-agents",
    producerVersion: "1",
    graph,
    opsetImport: [
      { domain: "", version: opset },
      ...(fused ? [{ domain: "com.microsoft", version: 1 }] : []),
    ],
  };
}

/** The lowering of one graph: a program, or the body of a scan. */
export class Lowering implements LoweringContext {
  readonly writer: GraphWriter;
  readonly opset: number;
  readonly fused: boolean;
  readonly #target: LoweringTarget;
  readonly #program: Program;
  readonly #outer: Lowering | undefined;
  readonly #names = new Map<Node, string>();
  readonly #readers = new Map<Node, number>();
  readonly #nodes: readonly Node[];
  readonly #scanResults = new Map<Node, readonly string[]>();

  constructor(
    writer: GraphWriter,
    target: LoweringTarget,
    program: Program,
    scope: { outer?: Lowering; results?: readonly Node[]; nodes?: Node[] } = {},
  ) {
    this.writer = writer;
    this.opset = target.opset;
    this.fused = target.fused;
    this.#target = target;
    this.#program = program;
    this.#outer = scope.outer;
    const results = scope.results ?? Object.values(program.outputs);
    this.#nodes = scope.nodes ?? orderNodes(results);
    const count = (node: Node) =>
      this.#readers.set(node, (this.#readers.get(node) ?? 0) + 1);
    results.forEach(count);
    for (const node of this.#nodes) node.inputs.forEach(count);
  }

  nameOf = (node: Node): string => {
    const known = this.#knownName(node);
    if (known) return known;
    const name = applyRule(node, this);
    this.#names.set(node, name);
    return name;
  };

  #knownName(node: Node): string | undefined {
    const name = this.#names.get(node);
    return name ?? (this.#outer ? this.#outer.#knownName(node) : undefined);
  }

  swallows = (node: Node): boolean =>
    this.#readers.get(node) === 1 && this.#knownName(node) === undefined;

  isComputed = (op: OpName, input: Node): Node | undefined =>
    this.#nodes.find((node) => node.op === op && node.inputs[0] === input);

  sizes = (shape: readonly Dim[]): string => {
    if (shape.every((dim) => typeof dim === "number")) {
      return this.writer.integers(shape.map(staticDim));
    }
    const parts = shape.map((dim) =>
      typeof dim === "number"
        ? this.writer.integers([dim])
        : this.#readSize(dim)
    );
    return this.writer.emit("Concat", parts, { axis: { int: 0 } });
  };

  /** A symbolic size as an int64 vector of one, read from an input. */
  #readSize(dim: string): string {
    for (const node of this.#program.inputs) {
      const axis = node.shape.indexOf(dim);
      if (axis < 0) continue;
      const shape = this.writer.emit("Shape", [node.attributes.name]);
      return this.writer.emit("Gather", [shape, this.writer.integers([axis])]);
    }
    throw new TypeError(`no input has the size "${dim}"`);
  }

  /** Slices that cut one axis into pieces become one Split. */
  lowerSlice = (node: Node<"slice">): string => {
    const [x] = node.inputs;
    const { axis, start, end } = node.attributes;
    const pieces = this.#nodes.filter((other): other is Node<"slice"> =>
      isOp(other, "slice") && other.inputs[0] === x &&
      other.attributes.axis === axis
    ).sort((a, b) => a.attributes.start - b.attributes.start);
    const size = staticDim(x.shape[axis]);
    let position = 0;
    const covers = pieces.every((piece) => {
      const follows = piece.attributes.start === position;
      position = piece.attributes.end;
      return follows;
    }) && position === size;
    const { writer } = this;
    if (covers && pieces.length > 1) {
      const names = pieces.map(() => writer.freshName("split"));
      const sizes = pieces.map((p) => p.attributes.end - p.attributes.start);
      const split = { ints: sizes };
      const input = this.nameOf(x);
      if (this.opset >= 13) {
        writer.emitAll("Split", [input, writer.integers(sizes)], names, {
          axis: { int: axis },
        });
      } else {
        writer.emitAll("Split", [input], names, { axis: { int: axis }, split });
      }
      pieces.forEach((piece, i) => this.#names.set(piece, names[i]));
      return names[pieces.indexOf(node)];
    }
    if (this.opset < 10) {
      return writer.emit("Slice", [this.nameOf(x)], {
        axes: { ints: [axis] },
        starts: { ints: [start] },
        ends: { ints: [end] },
      });
    }
    const bounds = [[start], [end], [axis]].map((v) => writer.integers(v));
    return writer.emit("Slice", [this.nameOf(x), ...bounds]);
  };

  /** A scan becomes a Loop that gathers its slices by iteration number. */
  lowerScan = (node: Node<"scan">): string => {
    const { body, length } = node.attributes;
    const { writer } = this;
    const carryCount = body.carry.length;
    const carries = node.inputs.slice(0, carryCount).map(this.nameOf);
    const wholes = node.inputs
      .slice(carryCount, carryCount + body.slices.length).map(this.nameOf);
    body.captured.forEach((source) => this.nameOf(source));

    const results = [...body.nextCarry, ...body.outputs];
    const inner = new Lowering(
      new GraphWriter(writer),
      this.#target,
      this.#program,
      { outer: this, results, nodes: orderBody(body) },
    );
    const step = writer.freshName("step");
    const goOn = writer.freshName("go_on");
    body.carry.forEach((source) =>
      inner.#names.set(source, writer.freshName(source.attributes.name))
    );
    body.slices.forEach((source, i) =>
      inner.#names.set(
        source,
        inner.writer.emit("Gather", [wholes[i], step], { axis: { int: 0 } }),
      )
    );
    const inputs = [
      makeValueInfo(step, "int64", []),
      makeValueInfo(goOn, "bool", []),
      ...body.carry.map((source) =>
        makeValueInfo(inner.nameOf(source), source.dtype, source.shape)
      ),
    ];
    const again = inner.writer.emit("Identity", [goOn]);
    const named: [string, Node][] = results.map((
      result,
    ) => [writer.freshName("result"), result]);
    nameOutputs(inner.writer, inner, Object.fromEntries(named));
    const outputs = [
      makeValueInfo(again, "bool", []),
      ...named.map(([name, { dtype, shape }]) =>
        makeValueInfo(name, dtype, shape)
      ),
    ];
    const graph = inner.writer.finish(
      writer.freshName("body"),
      inputs,
      outputs,
    );
    const names = results.map(() => writer.freshName("loop"));
    writer.emitAll("Loop", [this.#tripCount(length), "", ...carries], names, {
      body: { graph },
    });
    this.#scanResults.set(node, names);
    return names[0];
  };

  #tripCount(length: Dim): string {
    const count = typeof length === "number"
      ? this.writer.integers([length])
      : this.#readSize(length);
    return this.writer.emit("Reshape", [count, this.writer.integers([])]);
  }

  lowerScanOutput = (node: Node<"scanOutput">): string => {
    const [scan] = node.inputs;
    this.nameOf(scan);
    const names = this.#scanResults.get(scan);
    if (!names) throw new TypeError("scanOutput of something else");
    return names[node.attributes.index];
  };
}

function applyRule<Op extends OpName>(
  node: Node<Op>,
  context: LoweringContext,
): string {
  return loweringRules[node.op](node, context);
}
