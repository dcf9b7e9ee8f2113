import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { withScript } from "../env/unity/scripts.ts";

/**
 * Gives `body` the path of an executable that plays a strange Unity player (see
 * `strange_player_program.ts`), and how to learn its process id: 0 until it runs.
 */
export function withStrangePlayer(
  kind: string,
  body: (path: string, processId: () => number) => Promise<void>,
): Promise<void> {
  const program = fileURLToPath(
    new URL("strange_player_program.ts", import.meta.url),
  );
  return withScript(
    `echo $$ > "$(dirname "$0")/pid"\n` +
      `exec "${Deno.execPath()}" run -A --no-check "${program}" ${kind} "$@"`,
    (path, folder) =>
      body(path, () => {
        try {
          return Number(Deno.readTextFileSync(join(folder, "pid")));
        } catch {
          return 0;
        }
      }),
  );
}
