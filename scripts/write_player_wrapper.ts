/**
 * Writes an executable that serves a built-in simulator as a Unity player:
 *
 *   deno run -A scripts/write_player_wrapper.ts FILE [sim:NAME]
 */
import { writePlayerWrapper } from "../lib/env/player/player_wrapper.ts";

const [path, simulator = "sim:3DBall"] = Deno.args;
if (path === undefined) {
  console.error("usage: write_player_wrapper.ts FILE [sim:NAME]");
  Deno.exit(2);
}
await writePlayerWrapper(path, simulator);
console.log(`${path} plays ${simulator} for a trainer that starts it.`);
