/**
 * What every operation computes, element by element. This is the executable
 * specification that compiled programs are tested against.
 */
import { imageInterpretRules } from "./image_interpret_rules.ts";
import type { Node, OpName } from "./operation.ts";
import {
  broadcastPosition,
  emptyValue,
  forEachIndex,
  type Precision,
  stridesOf,
  type Value,
} from "./interpret_values.ts";

/** What a rule may use besides its inputs. */
export interface InterpretContext {
  readonly precision: Precision;
  /** The sizes of a shape whose names are bound by the inputs. */
  readonly sizes: (shape: readonly (number | string)[]) => number[];
  readonly scanResult: (node: Node, index: number) => Value;
}

export type InterpretRule<Op extends OpName> = (
  inputs: readonly Value[],
  node: Node<Op>,
  context: InterpretContext,
) => Value;

const elementwise =
  (compute: (...operands: number[]) => number): InterpretRule<OpName> =>
  (inputs, node, context) => {
    const result = emptyValue(
      node.dtype,
      context.sizes(node.shape),
      context.precision,
    );
    const strides = inputs.map((value) => stridesOf(value.shape));
    forEachIndex(result.shape, (position, index) => {
      result.data[position] = compute(
        ...inputs.map((value, i) =>
          value.data[broadcastPosition(value, strides[i], index)]
        ),
      );
    });
    return result;
  };

const reduction = (
  start: number,
  combine: (a: number, b: number) => number,
): InterpretRule<"reduceSum" | "reduceMax"> =>
([x], node, context) => {
  const kept = x.shape.map((size, axis) =>
    node.attributes.axes.includes(axis) ? 1 : size
  );
  // Sums are kept in double precision until the end.
  const sums = new Float64Array(kept.reduce((n, size) => n * size, 1));
  sums.fill(start);
  const strides = stridesOf(kept);
  forEachIndex(x.shape, (position, index) => {
    let target = 0;
    index.forEach((i, axis) =>
      target += kept[axis] === 1 ? 0 : i * strides[axis]
    );
    sums[target] = combine(sums[target], x.data[position]);
  });
  const result = emptyValue(
    "float32",
    context.sizes(node.shape),
    context.precision,
  );
  result.data.set(sums);
  return result;
};

const sigmoid = (x: number) => 1 / (1 + Math.exp(-x));

const matmul: InterpretRule<"matmul"> = ([a, b], node, context) => {
  const { transposeA, transposeB } = node.attributes;
  const result = emptyValue(
    "float32",
    context.sizes(node.shape),
    context.precision,
  );
  const [m, n] = result.shape.slice(-2);
  const k = transposeA
    ? a.shape[a.shape.length - 2]
    : a.shape[a.shape.length - 1];
  const batches = result.shape.slice(0, -2).reduce((x, y) => x * y, 1);
  for (let batch = 0; batch < batches; batch++) {
    for (let i = 0; i < m; i++) {
      for (let j = 0; j < n; j++) {
        let total = 0;
        for (let l = 0; l < k; l++) {
          const left = transposeA ? l * m + i : i * k + l;
          const right = transposeB ? j * k + l : l * n + j;
          total += a.data[batch * m * k + left] * b.data[batch * k * n + right];
        }
        result.data[(batch * m + i) * n + j] = total;
      }
    }
  }
  return result;
};

/**
 * A result whose elements come from the first input, from where
 * `sourceOf` the node says for each index.
 */
const rearrange = <Op extends OpName>(
  sourceOf: (
    node: Node<Op>,
    context: InterpretContext,
  ) => (index: readonly number[]) => readonly number[],
): InterpretRule<Op> =>
([x], node, context) => {
  const result = emptyValue(
    node.dtype,
    context.sizes(node.shape),
    context.precision,
  );
  const strides = stridesOf(x.shape);
  const source = sourceOf(node, context);
  forEachIndex(result.shape, (position, index) => {
    const from = source(index);
    result.data[position] = x.data[broadcastPosition(x, strides, from)];
  });
  return result;
};

const concat: InterpretRule<"concat"> = (inputs, node, context) => {
  const { axis } = node.attributes;
  const result = emptyValue(
    node.dtype,
    context.sizes(node.shape),
    context.precision,
  );
  const strides = stridesOf(result.shape);
  let offset = 0;
  for (const part of inputs) {
    forEachIndex(part.shape, (position, index) => {
      let target = offset * strides[axis];
      index.forEach((i, j) => target += i * strides[j]);
      result.data[target] = part.data[position];
    });
    offset += part.shape[axis];
  }
  return result;
};

const softmax: InterpretRule<"softmax"> = ([x], node, context) => {
  const result = emptyValue(node.dtype, x.shape, context.precision);
  const width = x.shape[x.shape.length - 1];
  for (let row = 0; row < x.data.length; row += width) {
    const values = Array.from(x.data.subarray(row, row + width), Number);
    const top = Math.max(...values);
    const powers = values.map((value) => Math.exp(value - top));
    const total = powers.reduce((sum, power) => sum + power, 0);
    powers.forEach((power, i) => result.data[row + i] = power / total);
  }
  return result;
};

const argMax: InterpretRule<"argMax"> = ([x], node, context) => {
  const { axis } = node.attributes;
  const result = emptyValue("int32", context.sizes(node.shape), "float32");
  const strides = stridesOf(x.shape);
  forEachIndex(result.shape, (position, index) => {
    const at = (k: number) => {
      const full = [...index.slice(0, axis), k, ...index.slice(axis)];
      return x.data[broadcastPosition(x, strides, full)];
    };
    for (let k = 1; k < x.shape[axis]; k++) {
      if (at(k) > at(result.data[position])) result.data[position] = k;
    }
  });
  return result;
};

/** Visits (row in the table, position in the rows) of a gather or scatter. */
function forEachRowElement(
  indices: Value,
  rows: number,
  width: number,
  visit: (tablePosition: number, position: number) => void,
): void {
  indices.data.forEach((row: number, i: number) => {
    if (row < 0 || row >= rows) {
      throw new RangeError(`row ${row} of a table with ${rows} rows`);
    }
    for (let j = 0; j < width; j++) visit(row * width + j, i * width + j);
  });
}

const widthOf = (shape: readonly number[], from: number) =>
  shape.slice(from).reduce((n, size) => n * size, 1);

/** The meaning of every operation. */
export const interpretRules: {
  readonly [Op in OpName]: InterpretRule<Op>;
} = {
  input: (_, node) => {
    throw new TypeError(`no value for input "${node.attributes.name}"`);
  },
  constant: (_, node, context) => {
    const shape = context.sizes(node.shape);
    const value = emptyValue(node.dtype, shape, context.precision);
    value.data.set(node.attributes.data);
    return value;
  },
  negate: elementwise((x) => -x),
  exp: elementwise(Math.exp),
  log: elementwise(Math.log),
  sqrt: elementwise(Math.sqrt),
  tanh: elementwise(Math.tanh),
  sigmoid: elementwise(sigmoid),
  swish: elementwise((x) => x * sigmoid(x)),
  leakyRelu: (inputs, node, context) => {
    const { slope } = node.attributes;
    const rule = elementwise((x) => x > 0 ? x : slope * x);
    return rule(inputs, node, context);
  },
  abs: elementwise(Math.abs),
  sign: elementwise(Math.sign),
  add: elementwise((a, b) => a + b),
  subtract: elementwise((a, b) => a - b),
  multiply: elementwise((a, b) => a * b),
  divide: elementwise((a, b) => a / b),
  maximum: elementwise(Math.max),
  minimum: elementwise(Math.min),
  less: elementwise((a, b) => Number(a < b)),
  lessOrEqual: elementwise((a, b) => Number(a <= b)),
  equal: elementwise((a, b) => Number(a === b)),
  and: elementwise((a, b) => a & b),
  or: elementwise((a, b) => a | b),
  not: elementwise((a) => 1 - a),
  select: elementwise((condition, a, b) => condition ? a : b),
  reduceSum: reduction(0, (a, b) => a + b),
  reduceMax: reduction(-Infinity, Math.max),
  argMax,
  softmax,
  matmul,
  ...imageInterpretRules,
  reshape: ([x], node, context) => ({
    data: x.data,
    shape: context.sizes(node.shape),
  }),
  transpose: rearrange(({ attributes: { permutation } }) => (index) => {
    const from: number[] = [];
    permutation.forEach((axis, i) => from[axis] = index[i]);
    return from;
  }),
  broadcast: rearrange(() => (index) => index),
  slice: rearrange(({ attributes: { axis, start } }, context) => {
    const [first] = context.sizes([start]);
    return (index) => index.map((i, j) => j === axis ? i + first : i);
  }),
  concat,
  gather: ([data, indices], node, context) => {
    const shape = context.sizes(node.shape);
    const result = emptyValue(node.dtype, shape, context.precision);
    const width = widthOf(data.shape, 1);
    forEachRowElement(indices, data.shape[0], width, (from, to) => {
      result.data[to] = data.data[from];
    });
    return result;
  },
  scatterAdd: ([indices, updates], node, context) => {
    const shape = context.sizes(node.shape);
    const result = emptyValue("float32", shape, context.precision);
    const width = widthOf(shape, 1);
    forEachRowElement(indices, shape[0], width, (to, from) => {
      result.data[to] += updates.data[from];
    });
    return result;
  },
  cast: ([x], node, context) => {
    const result = emptyValue(node.dtype, x.shape, context.precision);
    x.data.forEach((value: number, i: number) =>
      result.data[i] = node.dtype === "bool" ? Number(value !== 0) : value
    );
    return result;
  },
  stopGradient: ([x]) => x,
  scan: () => ({ data: new Float32Array(0), shape: [0] }),
  scanOutput: (_, node, context) =>
    context.scanResult(node.inputs[0], node.attributes.index),
};
