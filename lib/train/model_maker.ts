import { UserError } from "../errors.ts";
import { unityModel, type UnityPolicy } from "../onnx/unity_model.ts";

/** Makes the bytes of a policy's model for Unity. */
export type MakeModel = (policy: UnityPolicy) => Promise<Uint8Array>;

/** On the calling thread. */
export const makeModelHere: MakeModel = (policy) =>
  Promise.resolve(unityModel(policy));

/**
 * Makes models on a thread of its own, one after the other. Until that has
 * started the calling thread does the work.
 */
export class ModelMaker {
  #worker: Worker | undefined;
  readonly #pending: PromiseWithResolvers<Uint8Array>[] = [];
  #isUp = false;
  /** Why the thread makes no more. */
  #end: UserError | undefined;

  /** Starts the thread, which holds up the calling one for some 20 ms. */
  start(): void {
    if (!this.#end) this.#worker ??= this.#startWorker();
  }

  /**
   * The policy is copied at once: what it is made of may change afterwards.
   * Rejects with a UserError if the thread fails.
   */
  readonly make: MakeModel = (policy) => {
    if (this.#end) return Promise.reject(this.#end);
    if (!this.#worker || !this.#isUp) return makeModelHere(policy);
    const pending = Promise.withResolvers<Uint8Array>();
    this.#worker.postMessage(policy);
    this.#pending.push(pending);
    return pending.promise;
  };

  /** Whether the thread does the work. */
  get isUp(): boolean {
    return this.#isUp;
  }

  /** Ends the thread; what still waits is rejected. */
  close(): void {
    this.#stop("the run was closed");
  }

  #startWorker(): Worker {
    const url = new URL("./model_worker.ts", import.meta.url);
    const worker = new Worker(url, { type: "module", name: "models" });
    worker.onmessage = ({ data: model }: MessageEvent<Uint8Array | null>) => {
      if (model === null) this.#isUp = true;
      else this.#pending.shift()?.resolve(model);
    };
    worker.onerror = (event) => {
      event.preventDefault();
      this.#stop(event.message);
    };
    return worker;
  }

  #stop(found: string): void {
    this.#end ??= new UserError({
      what: "the thread that makes models for Unity stopped",
      found,
    });
    this.#worker?.terminate();
    for (const { reject } of this.#pending.splice(0)) reject(this.#end);
  }
}
