import { formatPath } from "../plain_maps.ts";
import type { Origin } from "./configuration_file.ts";
import type { Draft } from "./draft.ts";

/**
 * Makes room for another description of an environment parameter. Where there
 * were several, that of the last curriculum won, else that of the sampler.
 */
export function replaceParameter(
  name: string,
  by: Origin,
  draft: Draft,
): void {
  const path = ["environment_parameters", name];
  if (!draft.has(path)) return;
  const [origin] = draft.originsOf(path);
  draft.remove(path);
  const winner = `${formatPath(by.path)} in ${by.file.name}`;
  draft.report("lost", origin, `${winner} sets the same parameter, and wins`);
}
