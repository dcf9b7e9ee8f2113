/** Models for Unity that are made for a test. */
import { decodeModel } from "../../lib/onnx/decode_model.ts";
import { GraphWriter, makeValueInfo } from "../../lib/onnx/graph_writer.ts";
import { encodeModel, type OnnxModel } from "../../lib/onnx/onnx_schema.ts";
import { ExportedPolicy } from "./exported_policy.ts";
import { networkSettings, vectorSensor } from "./sensors.ts";

/** Three values in, two continuous actions and branches of 3 and 2 out. */
export function smallModel(): OnnxModel {
  const settings = networkSettings([vectorSensor(3)]);
  const actions = { continuousSize: 2, discreteBranches: [3, 2] };
  return decodeModel(new ExportedPolicy(settings, actions).bytes, "small");
}

/** The bytes of that model after a change to its parts. */
export function changedModel(
  change: (model: OnnxModel) => Partial<OnnxModel>,
): Uint8Array {
  const model = smallModel();
  return encodeModel({ ...model, ...change(model) });
}

/** The same for a change to its graph. */
export function changedGraph(
  change: (graph: OnnxModel["graph"]) => Partial<OnnxModel["graph"]>,
): Uint8Array {
  return changedModel(({ graph }) => ({
    graph: { ...graph, ...change(graph) },
  }));
}

/** A graph of one's own, with constants for outputs. */
export class ModelMaker {
  readonly writer = new GraphWriter();
  readonly #inputs: ReturnType<typeof makeValueInfo>[] = [];
  readonly #outputs: ReturnType<typeof makeValueInfo>[] = [];

  input(name: string, shape: readonly number[]): string {
    this.#inputs.push(makeValueInfo(name, "float32", ["batch", ...shape]));
    return name;
  }

  output(name: string, shape: readonly (number | string)[]): void {
    this.#outputs.push(makeValueInfo(name, "float32", shape));
  }

  constant(name: string, values: readonly number[]): void {
    const data = Float32Array.from(values);
    this.writer.addInitializer("float32", data, [values.length], name);
    this.output(name, [values.length]);
  }

  finish(): Uint8Array {
    return encodeModel({
      irVersion: 6,
      producerName: "maker",
      producerVersion: "",
      graph: this.writer.finish("made", this.#inputs, this.#outputs),
      opsetImport: [{ domain: "", version: 9 }],
    });
  }
}

/**
 * A model of version 2 with every kind of input. Its five log-probabilities
 * are the five vector values, where the masks allow.
 */
export function secondVersionModel(): Uint8Array {
  const maker = new ModelMaker();
  const { writer } = maker;
  const vector = maker.input("vector_observation", [5]);
  const image = maker.input("visual_observation_0", [1, 2, 2]);
  const list = maker.input("obs_2", [2, 1]);
  const masks = maker.input("action_masks", [5]);
  maker.constant("version_number", [2]);
  maker.constant("memory_size", [0]);
  maker.constant("discrete_action_output_shape", [5]);
  const axes = (ints: readonly number[]) => ({
    axes: { ints },
    keepdims: { int: 0 },
  });
  const sums = writer.emit("Add", [
    writer.emit("ReduceSum", [image], axes([1, 2, 3])),
    writer.emit("ReduceSum", [list], axes([1, 2])),
  ]);
  const zero = writer.addInitializer("float32", Float32Array.of(0), []);
  const nothing = writer.emit("Mul", [sums, zero]);
  const column = writer.emit("Unsqueeze", [nothing], { axes: { ints: [1] } });
  const scores = writer.emit("Add", [vector, column]);
  const allowed = writer.emit("Log", [masks]);
  writer.emit("Add", [scores, allowed], {}, { output: "discrete_actions" });
  maker.output("discrete_actions", ["batch", 5]);
  return maker.finish();
}

/** Chooses the action whose number is that of the largest of `choices` values. */
export function cueModel(choices: number): Uint8Array {
  const maker = new ModelMaker();
  const { writer } = maker;
  const seen = maker.input("obs_0", [choices]);
  maker.constant("version_number", [3]);
  maker.constant("memory_size", [0]);
  maker.constant("discrete_action_output_shape", [choices]);
  writer.emit("ArgMax", [seen], { axis: { int: 1 }, keepdims: { int: 1 } }, {
    output: "deterministic_discrete_actions",
  });
  maker.output("deterministic_discrete_actions", ["batch", 1]);
  return maker.finish();
}
