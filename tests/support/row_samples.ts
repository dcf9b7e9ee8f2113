import { concat, slice, split } from "../../lib/tensor/build.ts";
import type { Node } from "../../lib/tensor/operation.ts";
import type { Sampler } from "./sampler.ts";

/** Pieces of tables below each other: some, and some of them twice. */
export function drawRows(s: Sampler): Node {
  const width = s.size();
  const parts = Array.from(
    { length: 2 + s.size() },
    () => s.floats([s.chance() ? s.leading : s.size(), width]),
  );
  if (s.chance()) parts.push(parts[0]);
  const all = concat(parts, 0);
  const sizes = parts.map(({ shape: [rows] }) => rows);
  const pieces = split(all, 0, sizes);
  if (s.chance()) return concat(pieces.toReversed(), 0);
  const kept = pieces.filter(() => s.chance());
  return concat([...kept, slice(all, 0, sizes[0], all.shape[0])], 0);
}
