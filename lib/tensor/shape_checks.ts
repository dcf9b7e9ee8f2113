/** What the shape rules are written with. */
import {
  describeShape,
  type DType,
  type Node,
  type OpAttributes,
  type OpName,
  type Shape,
} from "./operation.ts";

/** Shape and element type. */
export interface TensorType {
  readonly shape: Shape;
  readonly dtype: DType;
}

/** The result type of one operation. Throws TypeError on a misfit. */
export type ShapeRule<Op extends OpName> = (
  inputs: readonly Node[],
  attributes: OpAttributes[Op],
) => TensorType;

/** Throws a TypeError in the name of an operation. */
export function fail(op: string, reason: string): never {
  throw new TypeError(`${op}: ${reason}`);
}

/** Inputs of these types: one list per input, `float32|int32,any`. */
export function expect(
  op: string,
  inputs: readonly Node[],
  dtypes: string,
): void {
  const found = inputs.map((node) => node.dtype).join(", ");
  const wanted = dtypes.split(",");
  const fits = wanted.length === inputs.length &&
    wanted.every((dtype, i) =>
      dtype.split("|").includes(inputs[i].dtype) || dtype === "any"
    );
  if (!fits) fail(op, `takes (${dtypes}), got (${found})`);
}

/** Axes that the node has. */
export function checkAxes(
  op: OpName,
  node: Node,
  axes: readonly number[],
): void {
  for (const axis of axes) {
    if (!Number.isInteger(axis) || axis < 0 || axis >= node.shape.length) {
      fail(op, `no axis ${axis} in ${describeShape(node.shape)}`);
    }
  }
}
