import { UserError } from "../errors.ts";
import type { EventSink, RunEvent } from "../events.ts";
import { AsyncQueue } from "../util/async_queue.ts";

/** How a run ended. */
export interface RunResult {
  readonly runId: string;
  /** The run's folder. */
  readonly folder: string;
  /** `stopped` = saved before it was done; resume to go on. */
  readonly reason: "finished" | "stopped";
  readonly elapsedSeconds: number;
  /** Steps by behaviour. */
  readonly steps: Readonly<Record<string, number>>;
  /** Unity's model of each behaviour, by path; none in inference. */
  readonly models: Readonly<Record<string, string>>;
}

/**
 * A run under way. Await it for the result, iterate it for its events, or stop
 * it: whatever was learned is saved.
 */
export class RunHandle<Result = RunResult>
  implements PromiseLike<Result>, AsyncIterable<RunEvent> {
  readonly #result: Promise<Result>;
  readonly #stop = new AbortController();
  readonly #queues = new Set<AsyncQueue<RunEvent>>();

  /** `start` runs with a sink for its events and the signal that stops it. */
  constructor(
    start: (emit: EventSink, stop: AbortSignal) => Promise<Result>,
  ) {
    const emit: EventSink = (event) => {
      for (const queue of this.#queues) queue.push(event);
    };
    // A turn later, so that whoever iterates at once misses nothing.
    this.#result = Promise.resolve().then(() => start(emit, this.#stop.signal));
  }

  /** Asks the run to save and end after its present step. */
  stop(): void {
    this.#stop.abort(new UserError({ what: "stopped before the run began" }));
  }

  then<T = Result, E = never>(
    onFulfilled?: ((result: Result) => T | PromiseLike<T>) | null,
    onRejected?: ((error: unknown) => E | PromiseLike<E>) | null,
  ): Promise<T | E> {
    return this.#result.then(onFulfilled, onRejected);
  }

  /** Events from now on; a failure of the run is thrown at the end. */
  [Symbol.asyncIterator](): AsyncIterator<RunEvent> {
    const queue = new AsyncQueue<RunEvent>();
    this.#queues.add(queue);
    this.#result.then(
      () => queue.end(),
      (error) => queue.end({ error }),
    );
    const events = queue[Symbol.asyncIterator]();
    return {
      next: () => events.next(),
      // Events that nobody reads any more are not kept.
      return: () => {
        this.#queues.delete(queue);
        return Promise.resolve({ done: true, value: undefined });
      },
    };
  }
}
