/**
 * Images to decode, in memory that several threads share: each takes the next
 * one that nobody has taken yet.
 */
import { decodeImage } from "./decode_image.ts";
import type { ImagePlan } from "./image_plan.ts";

/** Numbers in front of the jobs. */
const Control = { next: 0, done: 1, failed: 2, count: 3 } as const;
/** Numbers of one job. */
const Job = { start: 0, end: 1, plan: 2, target: 3, offset: 4, count: 5 };

/** One image: its bytes, and where its values go. */
export interface ImageJob {
  readonly start: number;
  readonly end: number;
  readonly plan: ImagePlan;
  readonly target: Float32Array;
  readonly offset: number;
}

/** A set of jobs as it travels between threads. */
export interface SharedImageJobs {
  /** The images' bytes, end to end. */
  readonly bytes: Uint8Array;
  readonly plans: readonly ImagePlan[];
  readonly targets: readonly Float32Array[];
  /** `Control`, then `Job` for each image. */
  readonly numbers: Int32Array<SharedArrayBuffer>;
}

/**
 * Lays out jobs on `bytes` for several threads. The targets must be in shared
 * memory; so must `shared`, which takes the bytes and must have room for them.
 */
export function shareJobs(
  jobs: readonly ImageJob[],
  bytes: Uint8Array,
  shared: Uint8Array,
): SharedImageJobs {
  const length = Control.count + jobs.length * Job.count;
  const numbers = new Int32Array(new SharedArrayBuffer(4 * length));
  const plans: ImagePlan[] = [];
  const targets: Float32Array[] = [];
  let filled = 0;
  jobs.forEach(({ start, end, plan, target, offset }, i) => {
    const at = Control.count + i * Job.count;
    shared.set(bytes.subarray(start, end), filled);
    numbers[at + Job.start] = filled;
    filled += end - start;
    numbers[at + Job.end] = filled;
    numbers[at + Job.plan] = numberOf(plans, plan);
    numbers[at + Job.target] = numberOf(targets, target);
    numbers[at + Job.offset] = offset;
  });
  return { bytes: shared, plans, targets, numbers };
}

/** Decodes images that nobody else has taken, until none is left. */
export function takeJobs(
  { bytes, plans, targets, numbers }: SharedImageJobs,
): void {
  for (;;) {
    const job = Atomics.add(numbers, Control.next, 1);
    const at = Control.count + job * Job.count;
    if (at >= numbers.length) return;
    try {
      decodeImage(
        bytes,
        numbers[at + Job.start],
        numbers[at + Job.end],
        plans[numbers[at + Job.plan]],
        targets[numbers[at + Job.target]],
        numbers[at + Job.offset],
      );
    } catch {
      // The thread that waits tries again and says what is wrong.
      Atomics.store(numbers, Control.failed, 1);
    }
    Atomics.add(numbers, Control.done, 1);
    Atomics.notify(numbers, Control.done);
  }
}

/**
 * Blocks until the images that other threads have taken are done: "timed-out"
 * after `milliseconds` without one, "failed" if one could not be decoded.
 */
export function waitForJobs(
  { numbers }: SharedImageJobs,
  milliseconds: number,
): "done" | "failed" | "timed-out" {
  const count = (numbers.length - Control.count) / Job.count;
  for (;;) {
    const done = Atomics.load(numbers, Control.done);
    if (done === count) break;
    const outcome = Atomics.wait(numbers, Control.done, done, milliseconds);
    if (outcome === "timed-out") return outcome;
  }
  return Atomics.load(numbers, Control.failed) === 1 ? "failed" : "done";
}

/** An item's place in a list, at whose end it goes if it is new. */
function numberOf<T>(list: T[], item: T): number {
  const known = list.indexOf(item);
  return known >= 0 ? known : list.push(item) - 1;
}
