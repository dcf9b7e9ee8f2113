/** The way into a run: first what it may do, then the code that does it. */
import { requirePermissions } from "../util/permissions.ts";
import type { RunResult } from "./run_handle.ts";
import { runPermissions } from "./run_permissions.ts";
import type { StartRunOptions } from "./start_run.ts";

/**
 * Starts a run once Deno has given all permissions for it; `files` are those
 * that its settings were read from. Rejects with UserError like `startRun`.
 */
export async function beginRun(
  options: StartRunOptions,
  files: readonly string[],
): Promise<RunResult> {
  const { resolved: { settings }, environment } = options;
  await requirePermissions(
    runPermissions(settings, files, [], environment),
  );
  // It loads the native library, for which permission must be there.
  const { startRun } = await import("./start_run.ts");
  return await startRun(options);
}
