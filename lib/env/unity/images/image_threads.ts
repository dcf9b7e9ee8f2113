import { finishImages, type ImageJob, shareImages } from "./image_jobs.ts";

/** More threads cost memory and find little to do. */
const MOST_THREADS = 3;

/**
 * Threads that help the calling one to decode images. All environments of a
 * program share them.
 */
export class ImageThreads {
  static #shared: ImageThreads | null = null;
  #users = 0;
  readonly #workers = new Set<Worker>();
  #bytes: Uint8Array = new Uint8Array();

  private constructor(onNotice: (message: string) => void) {
    const count = Math.min(navigator.hardwareConcurrency - 1, MOST_THREADS);
    for (let i = 0; i < count; i++) this.#startWorker(onNotice);
  }

  /**
   * The program's threads, which start if nobody uses them so far; whoever
   * takes them releases them. While they start, and if they fail to, the
   * calling thread does all the work.
   */
  static take(onNotice: (message: string) => void): ImageThreads {
    const threads = this.#shared ??= new ImageThreads(onNotice);
    threads.#users++;
    return threads;
  }

  /** The last one to release them ends the threads. */
  release(): void {
    if (--this.#users > 0) return;
    this.#workers.forEach((worker) => worker.terminate());
    this.#workers.clear();
    ImageThreads.#shared = null;
  }

  /**
   * Decodes images that lie in `bytes`, with `decode` what falls to this
   * thread; the targets must be in shared memory. Throws what `decode` throws.
   */
  decode(
    jobs: readonly ImageJob[],
    bytes: Uint8Array,
    decode: (job: number) => void,
  ): void {
    const images = shareImages(jobs, bytes, this.#reserveBytes(jobs));
    let helpers = jobs.length - 1;
    for (const worker of this.#workers) {
      if (helpers-- > 0) worker.postMessage(images);
    }
    finishImages(images, decode);
  }

  #startWorker(onNotice: (message: string) => void): void {
    const url = new URL("./image_worker.ts", import.meta.url);
    const worker = new Worker(url, { type: "module", name: "images" });
    this.#workers.add(worker);
    worker.onerror = (event) => {
      event.preventDefault();
      if (!this.#workers.delete(worker)) return;
      worker.terminate();
      onNotice(
        `A thread that decodes images has stopped: ${event.message}; ` +
          "the others do its work.",
      );
    };
  }

  /** Shared memory for the bytes of all jobs. */
  #reserveBytes(jobs: readonly ImageJob[]): Uint8Array {
    const wanted = jobs.reduce((sum, { start, end }) => sum + end - start, 0);
    if (wanted > this.#bytes.length) {
      this.#bytes = new Uint8Array(new SharedArrayBuffer(2 * wanted));
    }
    return this.#bytes;
  }
}
