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

/** The same arrays with `prefix` before every name. */
export function addPrefix(prefix: string, arrays: NamedArrays): NamedArrays {
  return Object.fromEntries(
    Object.entries(arrays).map(([name, array]) => [prefix + name, array]),
  );
}

/** The arrays whose names begin with `prefix`, without it. */
export function takePrefix(prefix: string, arrays: NamedArrays): NamedArrays {
  return Object.fromEntries(
    Object.entries(arrays)
      .filter(([name]) => name.startsWith(prefix))
      .map(([name, array]) => [name.slice(prefix.length), array]),
  );
}

/** The array of a name. Throws TypeError when it is not there. */
export function arrayNamed(arrays: NamedArrays, name: string): NamedArray {
  const array = arrays[name];
  if (!array) throw new TypeError(`the state holds no "${name}"`);
  return array;
}

/** One number as a named array. */
export function scalarArray(value: number): NamedArray<Float64Array> {
  return { data: Float64Array.of(value), shape: [] };
}

/** A vector as a named array. */
export function vectorArray<A extends NumericArray>(data: A): NamedArray<A> {
  return { data, shape: [data.length] };
}

/** Mean of what `measure` makes of the values; 0 of none. */
export function meanOf(
  { data }: NamedArray,
  measure: (value: number) => number = (value) => value,
): number {
  let sum = 0;
  for (const value of data) sum += measure(Number(value));
  return data.length > 0 ? sum / data.length : 0;
}

/** Copies that may be handed over. */
export function copyArrays(arrays: NamedArrays): NamedArrays {
  return Object.fromEntries(
    Object.entries(arrays).map(([name, { data, shape }]) => [
      name,
      { data: data.slice(), shape },
    ]),
  );
}
