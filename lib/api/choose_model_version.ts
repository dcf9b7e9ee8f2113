import type { EventSink } from "../events.ts";
import type { ContractVersion } from "../onnx/model_inputs.ts";
import type { RunSettings } from "../settings/run_settings.ts";
import type { EnvironmentPool } from "../train/environment_pool.ts";

/**
 * The version of the models that a run writes: as it is asked for, or else the
 * one that the players' own package loads. Tells where that is the older one.
 */
export async function chooseModelVersion(
  { checkpoint_settings: { model_version: wanted, inference } }: RunSettings,
  { members: [{ environment }] }: EnvironmentPool,
  emit: EventSink,
): Promise<ContractVersion> {
  if (wanted !== null) return wanted;
  const { packageVersion = "" } = environment;
  if (!packageVersion.startsWith("1.")) return 3;
  if (!inference) {
    await emit({
      type: "notice",
      level: "info",
      message: `The game has package ML-Agents ${packageVersion}: its models ` +
        "are written in version 2, which that loads (model_version).",
    });
  }
  return 2;
}
