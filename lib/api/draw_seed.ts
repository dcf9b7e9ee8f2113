import type { RunSettings } from "../settings/run_settings.ts";

/** The run's seed: -1 asks for any, which is then written down. */
export function drawSeed(
  given: RunSettings,
): { settings: RunSettings; seed: number } {
  const { seed: wanted } = given.env_settings;
  if (wanted !== -1) return { settings: given, seed: wanted };
  const [drawn] = crypto.getRandomValues(new Uint32Array(1));
  const seed = drawn % 10_000;
  return {
    settings: { ...given, env_settings: { ...given.env_settings, seed } },
    seed,
  };
}
