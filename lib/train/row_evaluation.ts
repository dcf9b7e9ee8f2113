/** Judges experience row by row, some rows in each call. */
import type { ProgramSession } from "../runtime/program_session.ts";
import type { NamedArray, NamedArrays } from "../util/arrays.ts";

/**
 * The outputs of an evaluation by row, from calls of at most `atOnce` rows of
 * nearly equal numbers. `take` gives what it reads of the rows `from .. to-1`.
 * What it yields once for all rows stays one value. Weights and statistics must
 * be bound.
 */
export async function evaluateRows(
  session: ProgramSession,
  take: (from: number, to: number) => NamedArrays,
  size: number,
  atOnce: number,
): Promise<NamedArrays> {
  const calls = Math.ceil(size / atOnce);
  if (calls <= 1) return await session.run(take(0, size));
  const evaluated: Record<string, NamedArray<Float32Array>> = {};
  for (let call = 0; call < calls; call++) {
    const from = Math.floor(call * size / calls);
    const to = Math.floor((call + 1) * size / calls);
    const outputs = await session.run(take(from, to));
    for (const [name, { data, shape }] of Object.entries(outputs)) {
      const [count, ...rest] = shape;
      // Calls have two rows or more: one is that of all.
      const isShared = count !== to - from;
      const width = data.length / count;
      const all = evaluated[name] ??= {
        data: new Float32Array(isShared ? data.length : size * width),
        shape: isShared ? shape : [size, ...rest],
      };
      all.data.set(
        Float32Array.from(data, Number),
        isShared ? 0 : from * width,
      );
    }
  }
  return evaluated;
}
