/** Compiles a tensor program into one ONNX model. */
import { comparePositions, dimTerms } from "../tensor/dims.ts";
import {
  type Dim,
  isOp,
  type Node,
  type OpName,
  type ScanBody,
  staticDim,
} from "../tensor/operation.ts";
import { orderBody, orderNodes, type Program } from "../tensor/program.ts";
import { GraphWriter, makeValueInfo } from "./graph_writer.ts";
import { lowerScan } from "./lower_scan.ts";
import { type LoweringContext, loweringRules } from "./lowering_rules.ts";
import { nameOutputs } from "./name_outputs.ts";
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
  nameOutputs(lowering, program.outputs);
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
  readonly #shared = new Map<string, readonly string[]>();

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

  once = (key: string, write: () => readonly string[]): readonly string[] => {
    const known = this.#shared.get(key);
    if (known) return known;
    const names = write();
    this.#shared.set(key, names);
    return names;
  };

  sizes = (shape: readonly Dim[]): string => {
    if (shape.every((dim) => typeof dim === "number")) {
      return this.writer.integers(shape.map(staticDim));
    }
    const parts = shape.map((dim) =>
      typeof dim === "number" ? this.writer.integers([dim]) : this.readSize(dim)
    );
    return this.writer.emit("Concat", parts, { axis: { int: 0 } });
  };

  readSize = (dim: string): string => {
    const { writer } = this;
    const terms = dimTerms(dim).map(({ number, names }) => {
      const factors = names.map((name) => this.#readNamed(name));
      if (number !== 1 || names.length === 0) {
        factors.push(writer.integers([number]));
      }
      return factors.reduce((a, b) => writer.emit("Mul", [a, b]));
    });
    return terms.reduce((a, b) => writer.emit("Add", [a, b]));
  };

  /** A size that some input has, as an int64 vector of one. */
  #readNamed(dim: string): string {
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
    ).sort((a, b) => comparePositions(a.attributes.start, b.attributes.start));
    let position: Dim = 0;
    const covers = pieces.every((piece) => {
      const follows = piece.attributes.start === position;
      position = piece.attributes.end;
      return follows;
    }) && position === x.shape[axis];
    const { writer } = this;
    if (covers && pieces.length > 1) {
      const names = pieces.map(() => writer.freshName("split"));
      const sizes = pieces.map((piece) => piece.shape[axis]);
      const input = this.nameOf(x);
      if (this.opset >= 13) {
        writer.emitAll("Split", [input, this.sizes(sizes)], names, {
          axis: { int: axis },
        });
      } else {
        writer.emitAll("Split", [input], names, {
          axis: { int: axis },
          split: { ints: sizes.map(staticDim) },
        });
      }
      pieces.forEach((piece, i) => this.#names.set(piece, names[i]));
      return names[pieces.indexOf(node)];
    }
    if (this.opset < 10) {
      return writer.emit("Slice", [this.nameOf(x)], {
        axes: { ints: [axis] },
        starts: { ints: [staticDim(start)] },
        ends: { ints: [staticDim(end)] },
      });
    }
    const bounds = [[start], [end], [axis]].map(this.sizes);
    return writer.emit("Slice", [this.nameOf(x), ...bounds]);
  };

  openBody = (body: ScanBody): Lowering =>
    new Lowering(
      new GraphWriter(this.writer),
      this.#target,
      this.#program,
      {
        outer: this,
        results: [...body.nextCarry, ...body.outputs],
        nodes: orderBody(body),
      },
    );

  setName = (node: Node, name: string): void => {
    this.#names.set(node, name);
  };

  lowerScan = (node: Node<"scan">): string => {
    const names = lowerScan(node, this);
    this.#scanResults.set(node, names);
    return names[0];
  };

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
