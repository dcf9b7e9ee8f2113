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

interface OpenedProgram {
  readonly session: ProgramSession;
  readonly loaded: Promise<unknown>;
}

/** A thread that holds any number of programs. */
class WorkerThread {
  readonly #worker: Worker;
  readonly #pending: Pending[] = [];
  #nextSession = 0;
  /** Programs that it holds. */
  programs = 0;
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

  /**
   * Sets up a program; `loaded` rejects with UserError when the model is not
   * valid. Whatever is asked of it before waits.
   */
  open(model: Uint8Array, options: SessionOptions): OpenedProgram {
    const session = this.#nextSession++;
    this.programs++;
    let isOpen = true;
    return {
      loaded: this.#request({ kind: "load", session, model, options }),
      session: {
        bind: (values) => this.#send({ kind: "bind", session, values }),
        // The feeds are handed over: their arrays are empty afterwards.
        run: (feeds) =>
          this.#request({ kind: "run", session, feeds }, buffersOf(feeds)),
        close: () => {
          if (isOpen) this.programs--;
          isOpen = false;
          this.#send({ kind: "close", session });
        },
      },
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
 * A few threads, whose programs can run at the same time. A program goes to the
 * thread that holds the fewest; those of equal models share one, which compiles
 * them once.
 */
export class WorkerRuntime {
  readonly #threads: (WorkerThread | undefined)[];
  readonly #places = new Map<string, number>();
  /** Threads of sessions. */
  readonly #homes = new WeakMap<ProgramSession, number>();

  /** Threads start with their first program. */
  constructor(threads: number = navigator.hardwareConcurrency) {
    this.#threads = new Array(Math.max(1, Math.min(threads, 2)));
  }

  /** Programs that can run at the same time. */
  get sideBySide(): number {
    return this.#threads.length;
  }

  /** Sets up a program. Rejects with UserError when the model is not valid. */
  async load(
    model: Uint8Array,
    options: SessionOptions,
  ): Promise<ProgramSession> {
    const { session, loaded } = this.#open(model, options);
    try {
      await loaded;
    } catch (error) {
      session.close();
      throw error;
    }
    return session;
  }

  #open(
    model: Uint8Array,
    options: SessionOptions,
    apartFrom?: ProgramSession | null,
  ): OpenedProgram {
    const key = modelKey(model, options);
    const index = this.#places.get(key) ??
      this.#leastUsed(apartFrom ? this.#homes.get(apartFrom) : undefined);
    this.#places.set(key, index);
    const opened = this.#thread(index).open(model, options);
    this.#homes.set(opened.session, index);
    return opened;
  }

  /** The first of the threads that hold the fewest programs, but one. */
  #leastUsed(except: number | undefined): number {
    const held = Array.from(
      this.#threads,
      (thread, index) => index === except ? Infinity : thread?.programs ?? 0,
    );
    return held.indexOf(Math.min(...held));
  }

  #thread(index: number): WorkerThread {
    return this.#threads[index] ??= new WorkerThread();
  }

  /**
   * The same at once, while the thread still sets the program up. Whatever is
   * asked of it waits; what is wrong with the model is told by every run. It runs
   * at the same time as the program that it is loaded `apartFrom`.
   */
  loadBeside(
    model: Uint8Array,
    options: SessionOptions,
    apartFrom?: ProgramSession | null,
  ): ProgramSession {
    return beside(this.#open(model, options, apartFrom));
  }

  /** The same on every thread: runs take turns, so that some go side by side. */
  loadEverywhere(model: Uint8Array, options: SessionOptions): ProgramSession {
    const sessions = Array.from(
      this.#threads,
      (_, index) => beside(this.#thread(index).open(model, options)),
    );
    let turn = 0;
    return {
      bind: (values) => sessions.forEach((session) => session.bind(values)),
      run: (feeds) => sessions[turn++ % sessions.length].run(feeds),
      close: () => sessions.forEach((session) => session.close()),
    };
  }

  /** Drops what still runs, and ends all threads once that is done. */
  async close(): Promise<void> {
    await Promise.all(this.#threads.map((thread) => thread?.close()));
  }
}

/** A program that is used before it is set up. */
function beside({ session, loaded }: OpenedProgram): ProgramSession {
  // No run may ever ask.
  loaded.catch(() => {});
  return session;
}
