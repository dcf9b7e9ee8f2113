import { UserError } from "../errors.ts";
import { unityModel, type UnityPolicy } from "../onnx/unity_model.ts";

/** Makes the bytes of a policy's model for Unity. */
export type MakeModel = (policy: UnityPolicy) => Promise<Uint8Array>;

/** On the calling thread. */
export const makeModelHere: MakeModel = (policy) =>
  Promise.resolve(unityModel(policy));

/** Makes models on a thread of its own, one after the other. */
export class ModelMaker {
  #worker: Worker | undefined;
  readonly #pending: PromiseWithResolvers<Uint8Array>[] = [];
  /** Why the thread makes no more. */
  #end: UserError | undefined;

  /**
   * The policy is copied at once: what it is made of may change afterwards.
   * The thread starts with the first one. Rejects with a UserError if it fails.
   */
  readonly make: MakeModel = (policy) => {
    if (this.#end) return Promise.reject(this.#end);
    const pending = Promise.withResolvers<Uint8Array>();
    this.#worker ??= this.#start();
    this.#worker.postMessage(policy);
    this.#pending.push(pending);
    return pending.promise;
  };

  /** Ends the thread; what still waits is rejected. */
  close(): void {
    this.#stop("the run was closed");
  }

  #start(): Worker {
    const url = new URL("./model_worker.ts", import.meta.url);
    const worker = new Worker(url, { type: "module", name: "models" });
    worker.onmessage = ({ data }: MessageEvent<Uint8Array>) =>
      this.#pending.shift()?.resolve(data);
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
