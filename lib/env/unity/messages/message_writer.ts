/** The largest varint: a negative int32 takes ten bytes. */
const MAX_VARINT = 10;

const encoder = new TextEncoder();

/**
 * Writes protobuf messages front to back into one buffer that is reused.
 * Scalars that are zero and lists that are empty take no bytes, as proto3
 * wants it; messages and raw bytes are always written.
 */
export class MessageWriter {
  #bytes: Uint8Array<ArrayBuffer>;
  #view: DataView<ArrayBuffer>;
  #length = 0;

  constructor(capacity = 4096) {
    this.#bytes = new Uint8Array(capacity);
    this.#view = new DataView(this.#bytes.buffer);
  }

  /** Starts a new message. */
  clear(): this {
    this.#length = 0;
    return this;
  }

  /** The message so far: a view that the next `clear` makes invalid. */
  get message(): Uint8Array<ArrayBuffer> {
    return this.#bytes.subarray(0, this.#length);
  }

  /** Begins a nested message; `close` wants the returned mark. */
  open(tag: number): number {
    this.#reserve(2 * MAX_VARINT);
    this.#varint(tag);
    return ++this.#length;
  }

  /** Ends a nested message: its length goes in front of it. */
  close(mark: number): void {
    const size = this.#length - mark;
    const extra = varintSize(size) - 1;
    if (extra > 0) {
      this.#reserve(extra);
      this.#bytes.copyWithin(mark + extra, mark, this.#length);
    }
    this.#length = mark - 1;
    this.#varint(size);
    this.#length += size;
  }

  int32(tag: number, value: number): void {
    if (value === 0) return;
    this.#reserve(2 * MAX_VARINT);
    this.#varint(tag);
    this.#int32(value);
  }

  bool(tag: number, value: boolean): void {
    this.int32(tag, value ? 1 : 0);
  }

  float(tag: number, value: number): void {
    if (value === 0) return;
    this.#reserve(MAX_VARINT + 4);
    this.#varint(tag);
    this.#view.setFloat32(this.#length, value, true);
    this.#length += 4;
  }

  bytes(tag: number, value: Uint8Array): void {
    this.#reserve(2 * MAX_VARINT + value.length);
    this.#varint(tag);
    this.#varint(value.length);
    this.raw(value);
  }

  string(tag: number, value: string): void {
    if (value !== "") this.bytes(tag, encoder.encode(value));
  }

  /** Fields that were encoded before. */
  raw(encoded: Uint8Array): void {
    this.#reserve(encoded.length);
    this.#bytes.set(encoded, this.#length);
    this.#length += encoded.length;
  }

  /** `count` values from `start` on, packed. */
  floats(tag: number, values: Float32Array, start: number, count: number) {
    if (count === 0) return;
    this.#reserve(2 * MAX_VARINT + 4 * count);
    this.#varint(tag);
    this.#varint(4 * count);
    this.appendFloats(values, start, count);
  }

  /** Bare values, without tag and length. */
  appendFloats(values: ArrayLike<number>, start: number, count: number): void {
    this.#reserve(4 * count);
    for (let i = start; i < start + count; i++) {
      this.#view.setFloat32(this.#length, values[i], true);
      this.#length += 4;
    }
  }

  /** `count` values from `start` on, packed. */
  int32s(tag: number, values: ArrayLike<number>, start = 0, count?: number) {
    const end = start + (count ?? values.length - start);
    if (end === start) return;
    const mark = this.open(tag);
    this.#reserve(MAX_VARINT * (end - start));
    for (let i = start; i < end; i++) this.#int32(values[i]);
    this.close(mark);
  }

  #int32(value: number): void {
    if (value >= 0) return this.#varint(value);
    // Sign-extended to 64 bits: the low 28 bits, then ones to the end.
    for (let shift = 0; shift < 28; shift += 7) {
      this.#bytes[this.#length++] = ((value >> shift) & 127) | 128;
    }
    this.#bytes[this.#length++] = (value >> 28) | 128;
    for (let i = 0; i < 4; i++) this.#bytes[this.#length++] = 255;
    this.#bytes[this.#length++] = 1;
  }

  #varint(value: number): void {
    while (value > 127) {
      this.#bytes[this.#length++] = (value & 127) | 128;
      value >>>= 7;
    }
    this.#bytes[this.#length++] = value;
  }

  #reserve(extra: number): void {
    const wanted = this.#length + extra;
    if (wanted <= this.#bytes.length) return;
    const larger = new Uint8Array(Math.max(wanted, 2 * this.#bytes.length));
    larger.set(this.message);
    this.#bytes = larger;
    this.#view = new DataView(larger.buffer);
  }
}

function varintSize(value: number): number {
  let size = 1;
  while (value > 127) {
    value >>>= 7;
    size++;
  }
  return size;
}
