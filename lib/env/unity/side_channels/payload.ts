/** Values in side-channel messages: little-endian, strings in ASCII. */
import { UserError } from "../../../errors.ts";

/** Builds a payload value by value; the reader takes them in the same order. */
export class PayloadWriter {
  readonly #parts: Uint8Array[] = [];

  /** One byte. */
  bool(value: boolean): this {
    return this.raw(Uint8Array.of(value ? 1 : 0));
  }

  /** Throws a UserError for what is no whole number of 32 bits. */
  int32(value: number): this {
    if ((value | 0) !== value) {
      throw new UserError({
        what: "A message for the Unity player has a number that does not fit",
        found: String(value),
        allowed: "whole numbers from -2147483648 to 2147483647",
      });
    }
    return this.#values(Int32Array.of(value));
  }

  float32(value: number): this {
    return this.#values(Float32Array.of(value));
  }

  /** Throws a UserError for text outside ASCII, which Unity cannot read. */
  string(text: string): this {
    for (const character of text) {
      if (character < "\x80") continue;
      throw new UserError({
        what: "A text for the Unity player has a character outside ASCII",
        found: `"${character}" in "${text}"`,
        allowed: "ASCII characters",
      });
    }
    return this.int32(text.length).raw(new TextEncoder().encode(text));
  }

  /** A list: the number of values, then the values. */
  float32s(values: ArrayLike<number>): this {
    return this.int32(values.length).#values(Float32Array.from(values));
  }

  /** Bytes as they are, without their number. */
  raw(bytes: Uint8Array): this {
    this.#parts.push(new Uint8Array(bytes));
    return this;
  }

  /** All values so far. */
  finish(): Uint8Array {
    const size = this.#parts.reduce((sum, part) => sum + part.length, 0);
    const bytes = new Uint8Array(size);
    let end = 0;
    for (const part of this.#parts) {
      bytes.set(part, end);
      end += part.length;
    }
    return bytes;
  }

  #values(values: Int32Array | Float32Array): this {
    this.#parts.push(new Uint8Array(values.buffer));
    return this;
  }
}

/**
 * Takes a payload apart, value by value. At its end there are only defaults,
 * as Unity reads them: zero, false, empty, or what the caller names. A value
 * that is cut off is a RangeError.
 */
export class PayloadReader {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  #position = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#view = new DataView(
      bytes.buffer,
      bytes.byteOffset,
      bytes.byteLength,
    );
  }

  /** Number of bytes that are not read yet. */
  get remaining(): number {
    return this.#bytes.length - this.#position;
  }

  get atEnd(): boolean {
    return this.remaining === 0;
  }

  bool(atEnd = false): boolean {
    return this.atEnd ? atEnd : this.#bytes[this.#take(1)] !== 0;
  }

  int32(atEnd = 0): number {
    return this.atEnd ? atEnd : this.#view.getInt32(this.#take(4), true);
  }

  float32(atEnd = 0): number {
    return this.atEnd ? atEnd : this.#view.getFloat32(this.#take(4), true);
  }

  string(atEnd = ""): string {
    if (this.atEnd) return atEnd;
    return new TextDecoder().decode(this.raw(this.int32()));
  }

  float32s(atEnd: readonly number[] = []): number[] {
    if (this.atEnd) return [...atEnd];
    const count = this.int32();
    const start = this.#take(4 * count);
    return Array.from(
      { length: count },
      (_, i) => this.#view.getFloat32(start + 4 * i, true),
    );
  }

  /** A copy of the next bytes; of all that are left without a length. */
  raw(length = this.remaining): Uint8Array {
    const start = this.#take(length);
    // A Buffer's own `slice` would copy nothing.
    return new Uint8Array(this.#bytes.subarray(start, start + length));
  }

  /** Goes on by `size` bytes; returns where they start. */
  #take(size: number): number {
    if (size < 0 || size > this.remaining) {
      throw new RangeError(
        `a value of ${size} bytes where ${this.remaining} are left`,
      );
    }
    const start = this.#position;
    this.#position += size;
    return start;
  }
}
