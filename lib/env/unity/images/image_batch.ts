import type { MutableAgentColumns } from "../../columns.ts";
import { decodeImage } from "./decode_image.ts";
import { ImageError } from "./image_error.ts";
import type { ImagePlan } from "./image_plan.ts";
import { ImageThreads } from "./image_threads.ts";

/** An image in a message that has a place in columns but no values yet. */
export interface PendingImage {
  /** Where its PNG files start and end in the message. */
  readonly start: number;
  readonly end: number;
  readonly plan: ImagePlan;
  readonly columns: MutableAgentColumns;
  readonly sensor: number;
  row: number;
  /** Says whose image cannot be decoded. */
  readonly describe: (error: ImageError) => Error;
}

/**
 * Values from which on images are worth more than one thread: waking another
 * one takes as long as decoding a third of them.
 */
const WORTH_SHARING = 30_000;

/** The images of one message, decoded together when all have been found. */
export class ImageBatch {
  #images: PendingImage[] = [];
  #threads: ImageThreads | null = null;
  readonly #onNotice: (message: string) => void;

  constructor(onNotice: (message: string) => void = () => {}) {
    this.#onNotice = onNotice;
  }

  add(image: PendingImage): void {
    this.#images.push(image);
  }

  clear(): void {
    this.#images.length = 0;
  }

  /** Follows `columns.removeRow(row)`. */
  removeRow(columns: MutableAgentColumns, row: number): void {
    this.#images = this.#images
      .filter((image) => image.columns !== columns || image.row !== row);
    for (const image of this.#images) {
      if (image.columns === columns && image.row > row) image.row--;
    }
  }

  /**
   * Writes all images, which lie in `bytes`, into their columns. Throws what
   * `describe` makes of the first one that cannot be decoded.
   */
  decode(bytes: Uint8Array): void {
    const images = this.#images;
    if (images.length === 0) return;
    const jobs = images.map(({ start, end, plan, columns, sensor, row }) => {
      const offset = row * sizeOf(plan);
      return { start, end, plan, target: columns.observations[sensor], offset };
    });
    const values = jobs.reduce((sum, { plan }) => sum + sizeOf(plan), 0);
    const isDone = jobs.length > 1 && values >= WORTH_SHARING &&
      (this.#threads ??= ImageThreads.take(this.#onNotice)).decode(jobs, bytes);
    if (!isDone) {
      jobs.forEach(({ start, end, plan, target, offset }, i) => {
        try {
          decodeImage(bytes, start, end, plan, target, offset);
        } catch (error) {
          throw error instanceof ImageError ? images[i].describe(error) : error;
        }
      });
    }
    this.clear();
  }

  /** Ends the threads that helped. */
  close(): void {
    this.#threads?.release();
    this.#threads = null;
  }
}

function sizeOf({ channels, height, width }: ImagePlan): number {
  return channels * height * width;
}
