import type { MutableAgentColumns } from "../../columns.ts";
import { decodePngs, writeImage } from "./decode_image.ts";
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
 * Values from which on images are worth more than one thread: four pictures of
 * 84 by 84 pixels. Fewer are done before a helper is awake.
 */
const WORTH_SHARING = 80_000;

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
    const decode = (job: number) => {
      const { start, end, plan, target, offset } = jobs[job];
      try {
        const pngs = decodePngs(bytes, start, end, plan);
        writeImage(pngs, plan, target, offset);
      } catch (error) {
        throw error instanceof ImageError ? images[job].describe(error) : error;
      }
    };
    const values = jobs.reduce((sum, { plan }) => sum + sizeOf(plan), 0);
    if (jobs.length > 1 && values >= WORTH_SHARING) {
      this.#threads ??= ImageThreads.take(this.#onNotice);
      this.#threads.decode(jobs, bytes, decode);
    } else jobs.forEach((_, job) => decode(job));
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
