import { Option } from "commander";
import { defaultPackage } from "../../env/player/package_preset.ts";
import type { ServeOptions } from "../../env/player/serve.ts";
import { sceneSummaries } from "../../env/player/scenes/scene_summaries.ts";
import { troubleHelp } from "../../env/player/trouble/trouble.ts";
import type { PlainMap } from "../../settings/plain_maps.ts";
import type { Verb } from "./verb.ts";

/** Offer a world to a trainer, as a Unity player does. */
export interface ServeCommand extends ServeOptions {
  readonly kind: "serve";
}

const scenes = Object.entries(sceneSummaries).map(([name, summary]) =>
  `  scene:${name.padEnd(10)} ${summary}`
);

const help = `
Players take what trainers start them with: --mlagents-port N (two words, the
last one wins; without it there is no trainer), -logFile FILE. Other words are
ignored.

Scenes:
${scenes.join("\n")}

Trouble: KIND[:VALUE][@MOMENT][,worker=N][,start=N], such as crash:3@100
  A moment is hello or ready (calls of the handshake), 1, 2, ... (messages that
  tell of agents), 5+ (all from the fifth on) or reset. The kinds:
${troubleHelp.map((line) => `  ${line}`).join("\n")}`;

/** `serve sim:NAME|scene:NAME [options] --mlagents-port N [words...]` */
export const serveVerb: Verb<ServeCommand> = {
  name: "serve",
  describe: (program) =>
    program.command("serve")
      .description("play a simulator or a test scene for a trainer, as Unity")
      .argument("<world>", "sim:NAME or scene:NAME")
      .argument("[words...]", "what trainers start Unity players with")
      .option(
        "--package <version>",
        "version of Unity's package",
        defaultPackage,
      )
      .addOption(
        new Option("--ids <kind>", "ids of agents: new ones each episode?")
          .choices(["stable", "episode"]).default("stable"),
      )
      .option(
        "--trouble <what>",
        "make trouble, see below; several times if wanted",
        (text: string, before: string[] = []) => [...before, text],
      )
      .option("--record <file>", "tell what the trainer said, a line for each")
      .addHelpText("after", help)
      .helpOption("--help", "show this help")
      .allowUnknownOption(),
  read: (command) => {
    const [world, ...words] = command.args;
    const given: PlainMap = command.opts();
    const troubles = Array.isArray(given.trouble) ? given.trouble : [];
    return {
      kind: "serve",
      world,
      packageVersion: String(given.package),
      ids: given.ids === "episode" ? "episode" : "stable",
      troubles: troubles.map(String),
      record: given.record === undefined ? null : String(given.record),
      words,
    };
  },
};
