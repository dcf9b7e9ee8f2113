/** Values in side-channel messages: little-endian, strings in ASCII. */
import { UserError } from "../../../errors.ts";

/** Builds a payload value by value. */
export class PayloadWriter {
  readonly #bytes: number[] = [];

  int32(value: number): this {
    return this.#append(Int32Array.of(value));
  }

  float32(value: number): this {
    return this.#append(Float32Array.of(value));
  }

  /** Throws a UserError for text outside ASCII, which Unity cannot read. */
  string(text: string): this {
    for (let i = 0; i < text.length; i++) {
      if (text.charCodeAt(i) < 128) continue;
      throw new UserError({
        what: "A name for the Unity player has a character outside ASCII",
        found: `"${text[i]}" in "${text}"`,
        allowed: "ASCII characters",
      });
    }
    return this.int32(text.length).raw(new TextEncoder().encode(text));
  }

  float32s(values: readonly number[]): this {
    return this.int32(values.length).#append(Float32Array.from(values));
  }

  raw(bytes: Uint8Array): this {
    for (const byte of bytes) this.#bytes.push(byte);
    return this;
  }

  finish(): Uint8Array {
    return Uint8Array.from(this.#bytes);
  }

  #append(values: Int32Array | Float32Array): this {
    return this.raw(new Uint8Array(values.buffer));
  }
}

/**
 * Takes a payload apart. Past its end there are zeros and empty texts, as
 * Unity reads them; a value that is cut off is a RangeError.
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

  get atEnd(): boolean {
    return this.#position === this.#bytes.length;
  }

  int32(): number {
    if (this.atEnd) return 0;
    const value = this.#view.getInt32(this.#position, true);
    this.#position += 4;
    return value;
  }

  float32(): number {
    if (this.atEnd) return 0;
    const value = this.#view.getFloat32(this.#position, true);
    this.#position += 4;
    return value;
  }

  string(): string {
    return new TextDecoder().decode(this.raw(this.int32()));
  }

  float32s(): number[] {
    const count = this.int32();
    if (count < 0 || 4 * count > this.#bytes.length - this.#position) {
      throw new RangeError(`a list of ${count} values is cut off`);
    }
    return Array.from({ length: count }, () => this.float32());
  }

  raw(length: number): Uint8Array {
    const end = this.#position + length;
    if (length < 0 || end > this.#bytes.length) {
      throw new RangeError(`${length} bytes exceed the message`);
    }
    const bytes = this.#bytes.subarray(this.#position, end);
    this.#position = end;
    return bytes;
  }
}
