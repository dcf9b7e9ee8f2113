import { Dialect } from "../../../lib/env/player/dialect.ts";
import { packagePreset } from "../../../lib/env/player/package_preset.ts";
import { allCapabilities } from "../../../lib/env/unity/messages/envelope.ts";
import type { Capability } from "../../../lib/env/unity/messages/tags.ts";

/** What a player of a package says to a trainer, by default one of today. */
export function dialectOf(
  packageVersion: string,
  trainer: readonly Capability[] = allCapabilities,
): Dialect {
  return new Dialect(packagePreset(packageVersion), new Set(trainer));
}
