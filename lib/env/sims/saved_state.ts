/** Copies of a simulator's arrays by name, and the way back. */
import { UserError } from "../../errors.ts";
import type { NamedArray, NamedArrays } from "../../util/arrays.ts";

/** A simulator's arrays as it works on them, by name. */
export type LiveArrays = Readonly<
  Record<string, Float32Array | Float64Array | Int32Array | Uint8Array>
>;

/** Copies living arrays; each is saved flat, `[length]`. */
export function saveArrays(arrays: LiveArrays): NamedArrays {
  return Object.fromEntries(
    Object.entries(arrays).map(([name, live]) => [
      name,
      { data: live.slice(), shape: [live.length] },
    ]),
  );
}

/**
 * Writes saved values back into living arrays. Throws a UserError when the
 * state was saved by a simulator of another kind or number of agents.
 */
export function restoreArrays(arrays: LiveArrays, state: NamedArrays): void {
  for (const [name, live] of Object.entries(arrays)) {
    const { data } = savedArray(state, name, live.length);
    for (let i = 0; i < live.length; i++) live[i] = Number(data[i]);
  }
}

/** The saved array of that name and length; throws a UserError otherwise. */
export function savedArray(
  state: NamedArrays,
  name: string,
  length: number,
): NamedArray {
  const saved = Object.hasOwn(state, name) ? state[name] : undefined;
  if (saved?.data.length === length) return saved;
  throw new UserError({
    what: "The saved simulator state does not fit this simulator",
    path: name,
    found: saved ? `${saved.data.length} values` : "nothing of that name",
    allowed: `${length} values`,
    cure:
      "Use the simulator and number of areas that the state was saved with.",
  });
}
