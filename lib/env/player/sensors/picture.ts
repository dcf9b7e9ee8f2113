import { encode } from "fast-png";

/** How many bytes of a pixel go into one PNG of a built-in sensor: RGB. */
const perFile = 3;

/** What a picture is made of. */
export interface PictureOptions {
  readonly height: number;
  readonly width: number;
  /** Bytes of each pixel. */
  readonly depth: number;
  /** `[height, width, depth]`, the top row first. */
  readonly pixels: Uint8Array;
  /** The colors of each pixel are seen as one channel, their mean. */
  readonly isGrey?: boolean;
  /** All channels go into one PNG, which takes 1 to 4: no built-in sensor. */
  readonly isOneFile?: boolean;
}

/** A picture as sensors send it: made once, encoded at most once. */
export class Picture {
  readonly height: number;
  readonly width: number;
  /** Channels that are seen: one if the picture is grey. */
  readonly channels: number;
  readonly #options: PictureOptions;
  #pngs: readonly Uint8Array[] | null = null;
  #values: Float32Array | null = null;

  constructor(options: PictureOptions) {
    this.#options = options;
    this.height = options.height;
    this.width = options.width;
    this.channels = options.isGrey ? 1 : options.depth;
  }

  /** The same with every pixel black. */
  blackened(): Picture {
    const pixels = new Uint8Array(this.#options.pixels.length);
    return new Picture({ ...this.#options, pixels });
  }

  /**
   * PNG files of three channels each. Surplus channels of the last one hold
   * what the file before it left there, as in Unity's grid sensors.
   */
  get pngs(): readonly Uint8Array[] {
    return this.#pngs ??= this.#encode();
  }

  /** `[channels, height, width]`, from 0 to 1. */
  get values(): Float32Array {
    return this.#values ??= this.#toValues();
  }

  #encode(): Uint8Array[] {
    const { width, height, depth, pixels, isOneFile } = this.#options;
    if (isOneFile) {
      return [encode({ width, height, channels: depth, data: pixels })];
    }
    const area = width * height;
    const data = new Uint8Array(area * perFile);
    const files: Uint8Array[] = [];
    for (let first = 0; first < depth; first += perFile) {
      const used = Math.min(perFile, depth - first);
      for (let pixel = 0; pixel < area; pixel++) {
        for (let channel = 0; channel < used; channel++) {
          data[pixel * perFile + channel] =
            pixels[pixel * depth + first + channel];
        }
      }
      files.push(encode({ width, height, channels: perFile, data }));
    }
    return files;
  }

  #toValues(): Float32Array {
    const { width, height, depth, pixels, isGrey } = this.#options;
    const area = width * height;
    const values = new Float32Array(this.channels * area);
    for (let pixel = 0; pixel < area; pixel++) {
      for (let channel = 0; channel < depth; channel++) {
        const value = pixels[pixel * depth + channel] / 255;
        if (isGrey) values[pixel] += value / depth;
        else values[channel * area + pixel] = value;
      }
    }
    return values;
  }
}
