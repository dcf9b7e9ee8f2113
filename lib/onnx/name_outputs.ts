import type { Nodes } from "../tensor/build.ts";
import type { LoweringContext } from "./lowering_rules.ts";

/**
 * Gives results their public names: by renaming the node that computes one, or
 * by a copy where the value comes from elsewhere or has two names.
 */
export function nameOutputs(
  { writer, nameOf }: LoweringContext,
  outputs: Nodes,
): void {
  const renamed = new Map<string, string>();
  for (const [name, node] of Object.entries(outputs)) {
    const value = nameOf(node);
    const computed = writer.nodes.some(({ output }) => output.includes(value));
    if (computed && !renamed.has(value)) renamed.set(value, name);
    else writer.emit("Identity", [value], {}, { output: name });
  }
  writer.rename(renamed);
}
