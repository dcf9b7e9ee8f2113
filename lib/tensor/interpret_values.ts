/** Plain arrays and loops for the interpreter: slow and obvious. */
import type { DType } from "./operation.ts";

/** A concrete value of a tensor program. */
export interface Value {
  readonly data: Float32Array | Float64Array | Int32Array | Uint8Array;
  readonly shape: readonly number[];
}

/** `float64` is for comparing gradients with finite differences. */
export type Precision = "float32" | "float64";

/** Number of elements. */
export function sizeOf(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1);
}

/** Zeros of an element type; bool is stored as bytes 0 and 1. */
export function emptyValue(
  dtype: DType,
  shape: readonly number[],
  precision: Precision,
): Value {
  const size = sizeOf(shape);
  const data = dtype === "int32"
    ? new Int32Array(size)
    : dtype === "bool"
    ? new Uint8Array(size)
    : precision === "float64"
    ? new Float64Array(size)
    : new Float32Array(size);
  return { data, shape };
}

/** Steps between neighbours along each axis. */
export function stridesOf(shape: readonly number[]): number[] {
  const strides: number[] = new Array(shape.length);
  let step = 1;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    strides[axis] = step;
    step *= shape[axis];
  }
  return strides;
}

/** Calls `visit(position, index)` for every element in row-major order. */
export function forEachIndex(
  shape: readonly number[],
  visit: (position: number, index: readonly number[]) => void,
): void {
  const index = shape.map(() => 0);
  const size = sizeOf(shape);
  for (let position = 0; position < size; position++) {
    visit(position, index);
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      if (++index[axis] < shape[axis]) break;
      index[axis] = 0;
    }
  }
}

/** Position in `value` of an index of a shape that it broadcasts to. */
export function broadcastPosition(
  value: Value,
  strides: readonly number[],
  index: readonly number[],
): number {
  const offset = index.length - value.shape.length;
  let position = 0;
  for (let axis = 0; axis < value.shape.length; axis++) {
    if (value.shape[axis] !== 1) {
      position += index[axis + offset] * strides[axis];
    }
  }
  return position;
}
