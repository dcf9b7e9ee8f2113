/**
 * Reads ONNX files without the writer's schema, so that both must be right.
 * Field numbers: onnx.proto3.
 */

/** What a graph says of an input or output; unknown sizes by their name. */
export interface OnnxValue {
  readonly name: string;
  readonly type: number;
  readonly shape: readonly (number | string)[];
}

export interface OnnxFileNode {
  readonly operator: string;
  readonly domain: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
}

/** A constant; those that are not float32 have no values here. */
export interface OnnxWeight {
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

export interface OnnxFile {
  readonly irVersion: number;
  /** Versions by domain. */
  readonly operatorSets: Readonly<Record<string, number>>;
  readonly inputs: readonly OnnxValue[];
  readonly outputs: readonly OnnxValue[];
  readonly nodes: readonly OnnxFileNode[];
  readonly weights: Readonly<Record<string, OnnxWeight>>;
}

/** Bytes from the first to the last. */
class ByteReader {
  readonly #bytes: Uint8Array;
  #position = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  get isAtEnd(): boolean {
    return this.#position >= this.#bytes.length;
  }

  /** A number below 2^53, as all sizes here are. */
  varint(): number {
    for (let value = 0, factor = 1;; factor *= 128) {
      const byte = this.#bytes[this.#position++];
      value += (byte & 127) * factor;
      if (byte < 128) return value;
    }
  }

  take(length: number): Uint8Array {
    return this.#bytes.subarray(this.#position, this.#position += length);
  }
}

/** A protobuf message: values by field number, in order. */
class Message {
  readonly #fields = new Map<number, (number | Uint8Array)[]>();

  constructor(bytes: Uint8Array) {
    const reader = new ByteReader(bytes);
    while (!reader.isAtEnd) {
      const tag = reader.varint();
      const field = Math.floor(tag / 8);
      const value = tag % 8 === 0
        ? reader.varint()
        : reader.take(tag % 8 === 1 ? 8 : tag % 8 === 5 ? 4 : reader.varint());
      this.#fields.set(field, [...this.#fields.get(field) ?? [], value]);
    }
  }

  /** All whole numbers, whether they stand alone or packed. */
  numbers(field: number): number[] {
    return (this.#fields.get(field) ?? []).flatMap((value) => {
      if (typeof value === "number") return [value];
      const reader = new ByteReader(value);
      const packed: number[] = [];
      while (!reader.isAtEnd) packed.push(reader.varint());
      return packed;
    });
  }

  number(field: number): number | undefined {
    const value = this.#fields.get(field)?.at(-1);
    return typeof value === "number" ? value : undefined;
  }

  bytes(field: number): Uint8Array[] {
    const values = this.#fields.get(field) ?? [];
    return values.filter((value) => typeof value !== "number");
  }

  texts(field: number): string[] {
    return this.bytes(field).map((value) => new TextDecoder().decode(value));
  }

  text(field: number): string {
    return this.texts(field).at(-1) ?? "";
  }

  messages(field: number): Message[] {
    return this.bytes(field).map((value) => new Message(value));
  }
}

function readValue(info: Message): OnnxValue {
  const [type] = info.messages(2);
  const [tensor] = type.messages(1);
  const [shape] = tensor.messages(2);
  return {
    name: info.text(1),
    type: tensor.number(1) ?? 0,
    shape: shape
      ? shape.messages(1).map((dim) => dim.number(1) ?? dim.text(2))
      : [],
  };
}

function readWeight(tensor: Message): OnnxWeight {
  const [bytes] = tensor.bytes(9);
  const isFloat = tensor.number(2) === 1 && bytes !== undefined;
  // A copy begins where floats may.
  const { buffer } = isFloat ? bytes.slice() : new Uint8Array(0);
  return { shape: tensor.numbers(1), data: new Float32Array(buffer) };
}

/** The parts of a model file that tests look at. */
export function readOnnx(bytes: Uint8Array): OnnxFile {
  const model = new Message(bytes);
  const [graph] = model.messages(7);
  return {
    irVersion: model.number(1) ?? 0,
    operatorSets: Object.fromEntries(
      model.messages(8).map((set) => [set.text(1), set.number(2) ?? 0]),
    ),
    inputs: graph.messages(11).map(readValue),
    outputs: graph.messages(12).map(readValue),
    nodes: graph.messages(1).map((node) => ({
      operator: node.text(4),
      domain: node.text(7),
      inputs: node.texts(1),
      outputs: node.texts(2),
    })),
    weights: Object.fromEntries(
      graph.messages(5).map((tensor) => [tensor.text(8), readWeight(tensor)]),
    ),
  };
}
