/** Programs on threads of their own. */
import { type Problem, UserError } from "../errors.ts";
import type { NamedArrays } from "../util/arrays.ts";
import { modelKey } from "./compiled_model.ts";
import type { ProgramSession, SessionOptions } from "./program_session.ts";
import {
  buffersOf,
  type WorkerReply,
  type WorkerRequest,
} from "./worker_protocol.ts";

interface Pending {
  readonly resolve: (outputs: NamedArrays) => void;
  readonly reject: (error: Error) => void;
}

/** A thread that holds any number of programs. */
class WorkerThread {
  readonly #worker: Worker;
  readonly #pending: Pending[] = [];
  #nextSession = 0;
  /** Requests that the thread has not replied to. */
  #unanswered = 0;
  #onIdle = () => {};
  #closing: Promise<void> | undefined;
  /** Why the thread takes no more requests. */
  #end: UserError | undefined;

  constructor() {
    this.#worker = new Worker(
      new URL("./session_worker.ts", import.meta.url),
      { type: "module", name: "programs" },
    );
    this.#worker.onmessage = (event: MessageEvent<WorkerReply>) => {
      if (--this.#unanswered === 0) this.#onIdle();
      const pending = this.#pending.shift();
      const reply = event.data;
      if (reply.kind === "done") pending?.resolve(reply.outputs);
      else pending?.reject(new UserError(reply.problems));
    };
    this.#worker.onerror = (event) => {
      event.preventDefault();
      this.#unanswered = 0;
      this.#onIdle();
      this.#stop({
        what: "the thread that runs programs stopped",
        found: event.message,
      });
    };
  }

  /** Sets up a program. Rejects with UserError when the model is not valid. */
  async load(
    model: Uint8Array,
    options: SessionOptions,
  ): Promise<ProgramSession> {
    const session = this.#nextSession++;
    await this.#request({ kind: "load", session, model, options });
    return {
      bind: (values) => this.#send({ kind: "bind", session, values }),
      // The feeds are handed over: their arrays are empty afterwards.
      run: (feeds) =>
        this.#request({ kind: "run", session, feeds }, buffersOf(feeds)),
      close: () => this.#send({ kind: "close", session }),
    };
  }

  /**
   * Drops what still runs there and ends the thread once that is done: a process
   * that ends in the midst of it crashes.
   */
  close(): Promise<void> {
    this.#stop({ what: "the run was closed" });
    return this.#closing ??= this.#finish();
  }

  async #finish(): Promise<void> {
    if (this.#unanswered > 0) {
      await new Promise<void>((resolve) => this.#onIdle = resolve);
    }
    this.#worker.terminate();
  }

  #stop(problem: Problem): void {
    this.#end ??= new UserError(problem);
    for (const { reject } of this.#pending.splice(0)) reject(this.#end);
  }

  #send(request: WorkerRequest, transfer: Transferable[] = []): void {
    if (!this.#end) this.#worker.postMessage(request, transfer);
  }

  #request(
    request: WorkerRequest,
    transfer: Transferable[] = [],
  ): Promise<NamedArrays> {
    return new Promise((resolve, reject) => {
      if (this.#end) return reject(this.#end);
      // What cannot be sent throws here and must not wait for a reply.
      this.#send(request, transfer);
      this.#unanswered++;
      this.#pending.push({ resolve, reject });
    });
  }
}

/**
 * A few threads that share out programs: those that were loaded one after the
 * other can run at the same time. Programs of equal models share a thread, which
 * compiles them once.
 */
export class WorkerRuntime {
  readonly #threads: (WorkerThread | undefined)[];
  readonly #places = new Map<string, number>();
  #next = 0;

  /** Threads start with their first program. */
  constructor(threads: number = navigator.hardwareConcurrency) {
    this.#threads = new Array(Math.max(1, Math.min(threads, 2)));
  }

  /** Sets up a program. Rejects with UserError when the model is not valid. */
  load(model: Uint8Array, options: SessionOptions): Promise<ProgramSession> {
    const key = modelKey(model, options);
    const index = this.#places.get(key) ?? this.#next++ % this.#threads.length;
    this.#places.set(key, index);
    const thread = this.#threads[index] ??= new WorkerThread();
    return thread.load(model, options);
  }

  /**
   * The same at once, while the thread still sets the program up. Whatever is
   * asked of it waits, and arrays are read then; what is wrong with the model is
   * told by every run.
   */
  loadBeside(model: Uint8Array, options: SessionOptions): ProgramSession {
    const loading = this.load(model, options);
    const whenLoaded = (use: (session: ProgramSession) => void) => {
      loading.then(use, () => {});
    };
    // No run may ever ask.
    whenLoaded(() => {});
    return {
      bind: (values) => whenLoaded((session) => session.bind(values)),
      run: async (feeds) => await (await loading).run(feeds),
      close: () => whenLoaded((session) => session.close()),
    };
  }

  /** Drops what still runs, and ends all threads once that is done. */
  async close(): Promise<void> {
    await Promise.all(this.#threads.map((thread) => thread?.close()));
  }
}
