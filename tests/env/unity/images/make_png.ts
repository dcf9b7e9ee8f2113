/** PNG files written by the book, to be read back. */
import { Buffer } from "node:buffer";
import { crc32, deflateSync } from "node:zlib";
import { RandomGenerator } from "../../../../lib/util/random.ts";

export interface PngOptions {
  readonly width: number;
  readonly height: number;
  /** 1 to 4, as in PNG: grey, with alpha, colors, with alpha. */
  readonly channels: number;
  /** 8 or 16. */
  readonly depth?: number;
  /** `[height, width, channels]`; random ones without. */
  readonly samples?: readonly number[];
  /** By row, again and again; 0 to 4. */
  readonly filters?: readonly number[];
  /** Number of IDAT chunks. */
  readonly parts?: number;
  /** Fields of the first chunk that are not what they should be. */
  readonly header?: Readonly<
    Partial<Record<"colorType" | "depth" | "interlace", number>>
  >;
}

const random = new RandomGenerator(5, "png");

/** A PNG file and its samples, `[height, width, channels]`. */
export function makePng(options: PngOptions): {
  bytes: Uint8Array;
  samples: readonly number[];
} {
  const { width, height, channels, depth = 8, filters = [0] } = options;
  const samples = options.samples ??
    Array.from(
      { length: width * height * channels },
      () => random.integer(2 ** depth),
    );
  const bytesOfSamples = depth === 8
    ? Uint8Array.from(samples)
    : Uint8Array.from(samples.flatMap((value) => [value >> 8, value & 255]));
  const pixelSize = channels * depth / 8;
  const rowSize = width * pixelSize;
  const rows: number[] = [];
  for (let y = 0; y < height; y++) {
    const filter = filters[y % filters.length];
    rows.push(filter);
    for (let i = 0; i < rowSize; i++) {
      const at = y * rowSize + i;
      const left = i >= pixelSize ? bytesOfSamples[at - pixelSize] : 0;
      const up = y > 0 ? bytesOfSamples[at - rowSize] : 0;
      const corner = i >= pixelSize && y > 0
        ? bytesOfSamples[at - rowSize - pixelSize]
        : 0;
      const guess =
        [0, left, up, Math.floor((left + up) / 2), paeth(left, up, corner)][
          filter
        ];
      rows.push((bytesOfSamples[at] - guess) & 255);
    }
  }
  const { colorType = [0, 0, 4, 2, 6][channels], interlace = 0 } =
    options.header ?? {};
  const header = new Uint8Array(13);
  const view = new DataView(header.buffer);
  view.setUint32(0, width);
  view.setUint32(4, height);
  header.set([options.header?.depth ?? depth, colorType, 0, 0, interlace], 8);
  const data = deflateSync(Uint8Array.from(rows));
  const count = options.parts ?? 1;
  const size = Math.ceil(data.length / count);
  const bytes = Buffer.concat([
    Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a),
    chunk("IHDR", header),
    ...Array.from(
      { length: count },
      (_, i) => chunk("IDAT", data.subarray(i * size, (i + 1) * size)),
    ),
    chunk("IEND", new Uint8Array()),
  ]);
  return { bytes: new Uint8Array(bytes), samples };
}

/** Files end to end. */
export function joinPngs(
  ...pngs: readonly { bytes: Uint8Array }[]
): Uint8Array {
  return new Uint8Array(Buffer.concat(pngs.map(({ bytes }) => bytes)));
}

function chunk(type: string, data: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(12 + data.length);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, data.length);
  bytes.set(new TextEncoder().encode(type), 4);
  bytes.set(data, 8);
  const end = 8 + data.length;
  view.setUint32(end, crc32(bytes.subarray(4, end)));
  return bytes;
}

/** The neighbor nearest to `a + b - c`, in this order. */
function paeth(a: number, b: number, c: number): number {
  const p = a + b - c;
  const [pa, pb, pc] = [a, b, c].map((value) => Math.abs(p - value));
  if (pa <= pb && pa <= pc) return a;
  return pb <= pc ? b : c;
}
