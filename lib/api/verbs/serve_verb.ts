import type { PlainMap } from "../../settings/plain_maps.ts";
import { settingSchema } from "../../settings/run_settings.ts";
import { readArgument, wrongUsage } from "../usage.ts";
import type { Verb } from "./verb.ts";

/** Offer a built-in simulator to a trainer, as a Unity player does. */
export interface ServeCommand {
  readonly kind: "serve";
  /** `sim:NAME`. */
  readonly simulator: string;
  /** The trainer's port; the Editor's unless given. */
  readonly port: number;
  /** The other words, such as `-nographics`, that only players understand. */
  readonly args: readonly string[];
}

/** The Editor connects to this port. */
const editorPort = "5004";

/** `serve sim:NAME [--mlagents-port N] [words...]` */
export const serveVerb: Verb<ServeCommand> = {
  name: "serve",
  describe: (program) =>
    program.command("serve")
      .description("offer a built-in simulator to a trainer, as Unity does")
      .argument("<simulator>", "sim:NAME")
      .argument("[words...]", "what only Unity players understand, ignored")
      .option("--mlagents-port <n>", "port of the trainer", editorPort)
      .helpOption("--help", "show this help")
      .allowUnknownOption(),
  read: (command) => {
    const [simulator, ...args] = command.args;
    if (!simulator.startsWith("sim:")) {
      throw wrongUsage({
        what: "only built-in simulators can be served",
        found: simulator,
        allowed: "sim:NAME, such as sim:3DBall",
      });
    }
    const given: PlainMap = command.opts();
    const { value, problem } = readArgument(
      "--mlagents-port",
      settingSchema(["env_settings", "base_port"]),
      given.mlagentsPort,
    );
    if (problem) throw wrongUsage(problem);
    return { kind: "serve", simulator, port: Number(value), args };
  },
};
