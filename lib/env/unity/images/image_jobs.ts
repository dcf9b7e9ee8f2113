/**
 * Images that several threads decode. The thread that needs them begins at the
 * front, helpers at the back. It never waits for a helper that gets no time to
 * run, as threads do where players are busy: until an image is written, it may
 * take it back.
 */
import { decodePngs, writeImage } from "./decode_image.ts";
import type { ImagePlan } from "./image_plan.ts";

/** One image: where its PNG files are, and where its values go. */
export interface ImageJob {
  readonly start: number;
  readonly end: number;
  readonly plan: ImagePlan;
  readonly target: Float32Array;
  readonly offset: number;
}

/** Images as they travel to helpers, all arrays in shared memory. */
export interface SharedImages {
  readonly jobs: readonly ImageJob[];
  readonly bytes: Uint8Array;
  /** The {@link State} of each job. */
  readonly states: Int32Array<SharedArrayBuffer>;
}

const State = {
  free: 0,
  /** A helper decodes the PNG files. */
  decoding: 1,
  /** A helper writes the values: nobody else may. */
  writing: 2,
  written: 3,
  /** A helper could not decode the image: it can be taken back. */
  failed: 4,
  /** The thread that needs the image sees to it. */
  taken: 5,
} as const;

/** Milliseconds after which a helper that writes an image has stopped. */
const PATIENCE = 30_000;

/** Puts images for helpers into shared memory; `shared` takes their bytes. */
export function shareImages(
  jobs: readonly ImageJob[],
  bytes: Uint8Array,
  shared: Uint8Array,
): SharedImages {
  let filled = 0;
  const moved = jobs.map((job) => {
    const start = filled;
    shared.set(bytes.subarray(job.start, job.end), start);
    filled += job.end - job.start;
    return { ...job, start, end: filled };
  });
  const states = new Int32Array(new SharedArrayBuffer(4 * jobs.length));
  return { jobs: moved, bytes: shared, states };
}

/** What a helper does: decodes images, the last one first. */
export function helpWithImages({ jobs, bytes, states }: SharedImages): void {
  for (let i = jobs.length - 1; i >= 0; i--) {
    const { start, end, plan, target, offset } = jobs[i];
    if (!moves(states, i, State.free, State.decoding)) continue;
    try {
      const pngs = decodePngs(bytes, start, end, plan);
      if (!moves(states, i, State.decoding, State.writing)) continue;
      writeImage(pngs, plan, target, offset);
      Atomics.store(states, i, State.written);
    } catch {
      Atomics.store(states, i, State.failed);
    }
    Atomics.notify(states, i);
  }
}

/**
 * Sees to it that all images are there, in part by decoding them with `decode`.
 * What it throws is thrown on when no helper is at work any more.
 */
export function finishImages(
  { states }: SharedImages,
  decode: (job: number) => void,
): void {
  const began = performance.now();
  let own = 0;
  try {
    for (let i = 0; i < states.length; i++) {
      if (!moves(states, i, State.free, State.taken)) continue;
      decode(i);
      own++;
    }
    // As long as an image takes, a helper may be about to end with one.
    const patience = (performance.now() - began) / Math.max(own, 1);
    for (let i = 0; i < states.length; i++) {
      Atomics.wait(states, i, State.decoding, patience);
      if (takesBack(states, i)) decode(i);
    }
  } catch (error) {
    for (let i = 0; i < states.length; i++) takesBack(states, i);
    throw error;
  }
}

/** Waits for a helper that writes; true if the image is left to the caller. */
function takesBack(states: Int32Array, job: number): boolean {
  if (
    moves(states, job, State.free, State.taken) ||
    moves(states, job, State.decoding, State.taken)
  ) return true;
  if (Atomics.wait(states, job, State.writing, PATIENCE) === "timed-out") {
    throw new Error("a thread that decodes images has stopped");
  }
  return moves(states, job, State.failed, State.taken);
}

/** True if the job was in the state `from`, which becomes `to`. */
function moves(
  states: Int32Array,
  job: number,
  from: number,
  to: number,
): boolean {
  return Atomics.compareExchange(states, job, from, to) === from;
}
