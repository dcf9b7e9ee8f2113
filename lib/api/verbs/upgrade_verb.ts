import type { CompanionPaths } from "../../settings/legacy/companions.ts";
import type { Verb } from "./verb.ts";

/** Write a configuration of any year in today's form. */
export interface UpgradeCommand {
  readonly kind: "upgrade";
  /** The old file. */
  readonly configPath: string;
  /** The files beside it. */
  readonly beside: CompanionPaths;
  /** The new file; without one it goes to the standard output. */
  readonly outputPath?: string;
  /** Whether an existing file may be replaced. */
  readonly force: boolean;
}

interface UpgradeOptions extends CompanionPaths {
  readonly output?: string;
  readonly force?: boolean;
}

/** `upgrade OLD.yaml [--curriculum F] [--sampler F] [-o NEW.yaml]` */
export const upgradeVerb: Verb<UpgradeCommand> = {
  name: "upgrade",
  describe: (program) =>
    program.command("upgrade")
      .description("write an old configuration in today's form")
      .argument("<configuration>", "of any year, from ML-Agents 0.2 on")
      .option("--curriculum <path>", "its curriculum, a file or a folder")
      .option("--sampler <file>", "its sampler file")
      .option("-o, --output <file>", "the new file; otherwise it is printed")
      .option("--force", "replace the new file if it exists")
      .helpOption("-h, --help", "show this help"),
  read: (command) => {
    const { output, force = false, curriculum, sampler } = command.opts<
      UpgradeOptions
    >();
    return {
      kind: "upgrade",
      configPath: command.args[0],
      beside: {
        ...curriculum === undefined ? {} : { curriculum },
        ...sampler === undefined ? {} : { sampler },
      },
      ...output === undefined ? {} : { outputPath: output },
      force,
    };
  },
};
