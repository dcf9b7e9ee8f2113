/**
 * Writes an executable that plays a built-in simulator or a test scene as a
 * Unity player, always with the given switches of `cli.ts serve`:
 *
 *   deno run -A scripts/write_player_wrapper.ts FILE [WORLD [SWITCHES...]]
 *
 * WORLD is sim:NAME (sim:3DBall) or scene:NAME; a switch is, for example,
 * `--trouble crash:SIGKILL@100,worker=1`.
 */
import { parseCommandLine } from "../lib/api/command_line.ts";
import { writePlayerWrapper } from "../lib/env/player/player_wrapper.ts";
import { packagePreset } from "../lib/env/player/package_preset.ts";
import { parseTrouble } from "../lib/env/player/trouble/trouble.ts";
import { TroubleMaker } from "../lib/env/player/trouble/trouble_maker.ts";
import { UserError } from "../lib/errors.ts";

const [path, world = "sim:3DBall", ...switches] = Deno.args;
if (path === undefined) {
  console.error("usage: write_player_wrapper.ts FILE [WORLD [SWITCHES...]]");
  Deno.exit(2);
}
try {
  // A switch that is wrong would stop every player that the file starts.
  const command = parseCommandLine(["serve", world, ...switches]);
  if (command.kind === "serve") {
    packagePreset(command.packageVersion);
    const start = command.record === null ? null : 1;
    const troubles = command.troubles.map(parseTrouble);
    new TroubleMaker(troubles, { worker: 0, start }, () => {});
  }
  await writePlayerWrapper(path, world, switches);
} catch (error) {
  if (!(error instanceof UserError)) throw error;
  console.error(`error: ${error.message}`);
  Deno.exit(error.exitCode);
}
console.log(`${path} plays ${world} for a trainer that starts it.`);
