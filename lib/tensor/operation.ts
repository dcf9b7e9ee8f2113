/**
 * The operations of the tensor program: one entry per operation with its
 * attributes. Every rule table (shape, gradient, interpreter, ONNX lowering)
 * is typed over these keys, so a forgotten operation does not compile.
 */

/**
 * A size, or the name of a size that is known only when the program runs, or
 * what the functions of dims.ts make of both.
 */
export type Dim = number | string;

export type Shape = readonly Dim[];

export type DType = "float32" | "int32" | "bool";

/** Constant data by element type. */
export type ConstantData = Float32Array | Int32Array | Uint8Array;

type NoAttributes = Readonly<Record<never, never>>;

/** Zeros around an image and the step of the kernel, in both directions. */
export interface ConvolutionAttributes {
  readonly stride: number;
  readonly padding: number;
}

/** Square windows inside an image; a rest at the far sides is left out. */
export interface PoolAttributes {
  readonly window: number;
  readonly stride: number;
}

/** The body of a scan: one step over explicit state. */
export interface ScanBody {
  /** State going in, one input node each. */
  readonly carry: readonly Node<"input">[];
  /** This step's slices, one input node each. */
  readonly slices: readonly Node<"input">[];
  /** State going out, in the order of `carry`. */
  readonly nextCarry: readonly Node[];
  /** Values stacked over all steps. */
  readonly outputs: readonly Node[];
  /** Nodes of the surrounding program that the body reads. */
  readonly captured: readonly Node[];
}

export interface OpAttributes {
  /** A named value from outside (of the program, or of a scan body). */
  input: { readonly name: string };
  constant: { readonly data: ConstantData };

  negate: NoAttributes;
  exp: NoAttributes;
  log: NoAttributes;
  sqrt: NoAttributes;
  tanh: NoAttributes;
  /** 1 / (1 + e^-x). */
  sigmoid: NoAttributes;
  /** x * sigmoid(x). */
  swish: NoAttributes;
  /** x where it is above 0, `slope` * x elsewhere. */
  leakyRelu: { readonly slope: number };
  abs: NoAttributes;
  /** -1, 0 or 1. */
  sign: NoAttributes;

  add: NoAttributes;
  subtract: NoAttributes;
  multiply: NoAttributes;
  divide: NoAttributes;
  maximum: NoAttributes;
  minimum: NoAttributes;

  less: NoAttributes;
  lessOrEqual: NoAttributes;
  equal: NoAttributes;
  and: NoAttributes;
  or: NoAttributes;
  not: NoAttributes;
  /** condition ? a : b, element by element. */
  select: NoAttributes;

  /** Sum over `axes`, which disappear unless `keepDims`. */
  reduceSum: { readonly axes: readonly number[]; readonly keepDims: boolean };
  reduceMax: { readonly axes: readonly number[]; readonly keepDims: boolean };
  /** Index of the first largest value along `axis`, which disappears. */
  argMax: { readonly axis: number };
  /** Along the last axis. */
  softmax: NoAttributes;
  /** `[..., m, k] x [..., k, n]`; a transpose flag swaps an operand's last two axes. */
  matmul: { readonly transposeA: boolean; readonly transposeB: boolean };

  /**
   * Images `[n, c, h, w]`, kernels `[o, c, kh, kw]` and a bias `[o]` ->
   * `[n, o, (h + 2 padding - kh) / stride + 1 rounded down, ...]`.
   */
  convolution: ConvolutionAttributes;
  /** Results and kernels -> images of `size` (height, width). */
  convolutionInputGradient: ConvolutionAttributes & {
    readonly size: readonly [number, number];
  };
  /** Images and results -> kernels of `size` (height, width). */
  convolutionWeightGradient: ConvolutionAttributes & {
    readonly size: readonly [number, number];
  };
  /**
   * Two stacks of images `[n, c, h, w]`: the second one's value where the first
   * is largest (first one at a tie), for every window. Usually both are the same.
   */
  maxPool: PoolAttributes;
  /**
   * Images `[n, c, h, w]` and a value per window: adds the value to zeros where
   * the images are largest. The reverse of `maxPool`.
   */
  maxUnpool: PoolAttributes;

  reshape: { readonly shape: Shape };
  transpose: { readonly permutation: readonly number[] };
  broadcast: { readonly shape: Shape };
  /** Elements `start` (inclusive) to `end` (exclusive) along `axis`. */
  slice: {
    readonly axis: number;
    readonly start: Dim;
    readonly end: Dim;
  };
  concat: { readonly axis: number };
  /** Rows of the first input by index: `[n, ...r]`, `[...i]` -> `[...i, ...r]`. */
  gather: NoAttributes;
  /** Adds rows into zeros: indices `[...i]`, rows `[...i, ...r]` -> `[rows, ...r]`. */
  scatterAdd: { readonly rows: number };
  cast: { readonly dtype: DType };
  /** The same value, taken as given: no gradient flows through. */
  stopGradient: NoAttributes;

  /**
   * A loop over the leading axis of its slices. Inputs: first carry values,
   * then sliced values `[steps, ...]`, then captured ones. Read its results
   * through `scanOutput`: carries first, then stacked outputs. With `reverse`
   * it begins at the last step; outputs stand where their slices do.
   */
  scan: {
    readonly body: ScanBody;
    readonly length: Dim;
    readonly reverse: boolean;
  };
  scanOutput: { readonly index: number };
}

export type OpName = keyof OpAttributes;

/** The operations on stacks of images `[n, channels, height, width]`. */
export type ImageOp =
  | "convolution"
  | "convolutionInputGradient"
  | "convolutionWeightGradient"
  | "maxPool"
  | "maxUnpool";

/** One value of a tensor program; immutable. */
export interface Node<Op extends OpName = OpName> {
  readonly op: Op;
  readonly inputs: readonly Node[];
  readonly attributes: OpAttributes[Op];
  readonly shape: Shape;
  readonly dtype: DType;
}

/** Narrows a node to one operation. */
export function isOp<Op extends OpName>(
  node: Node,
  op: Op,
): node is Node<Op> {
  return node.op === op;
}

/** Number of elements; throws where a size is symbolic. */
export function staticSize(shape: Shape): number {
  let size = 1;
  for (const dim of shape) size *= staticDim(dim);
  return size;
}

/** A size that must be known when the program is built. */
export function staticDim(dim: Dim): number {
  if (typeof dim === "number") return dim;
  throw new TypeError(`the size "${dim}" is known only when the program runs`);
}

/** `[64, 128]` as text. */
export function describeShape(shape: Shape): string {
  return `[${shape.join(", ")}]`;
}
