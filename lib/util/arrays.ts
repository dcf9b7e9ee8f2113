/** Typed arrays with a shape: what programs, checkpoints and states are made of. */

/** The element types that named arrays may have. */
export type NumericArray =
  | Float32Array
  | Float64Array
  | Int32Array
  | Uint32Array
  | BigInt64Array
  | Uint8Array;

/** Row-major data with its sizes; `shape` `[]` holds one value. */
export interface NamedArray<A extends NumericArray = NumericArray> {
  readonly data: A;
  readonly shape: readonly number[];
}

/** A record of arrays by name: weights, optimiser moments, a simulator's state. */
export type NamedArrays = Readonly<Record<string, NamedArray>>;
