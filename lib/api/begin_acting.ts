/** The way into acting with models: first what it may do, then the code. */
import { requirePermissions } from "../util/permissions.ts";
import type { ActingOptions } from "./act_with_models.ts";
import { modelFiles } from "./model_choice.ts";
import type { PlayResult } from "./play_result.ts";
import { runPermissions } from "./run_permissions.ts";

/**
 * Lets models act once Deno has given all permissions for it; `files` are those
 * that the settings were read from. Rejects with UserError.
 */
export async function beginActing(
  options: ActingOptions,
  files: readonly string[],
): Promise<PlayResult> {
  const { resolved: { settings }, models, environment } = options;
  await requirePermissions(
    runPermissions(settings, files, modelFiles(models), environment),
  );
  // It loads the native library, for which permission must be there.
  const { actWithModels } = await import("./act_with_models.ts");
  return await actWithModels(options);
}
