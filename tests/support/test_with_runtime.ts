import { WorkerRuntime } from "../../lib/runtime/worker_runtime.ts";

/** Defines a test whose programs share a thread, which ends with it. */
export function testWithRuntime(
  name: string,
  test: (runtime: WorkerRuntime) => void | Promise<void>,
): void {
  Deno.test(name, async () => {
    const runtime = new WorkerRuntime(1);
    try {
      await test(runtime);
    } finally {
      await runtime.close();
    }
  });
}
