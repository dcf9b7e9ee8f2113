import type { Verb } from "./verb.ts";

/** Say what a file or a run's folder holds. */
export interface InspectCommand {
  readonly kind: "inspect";
  readonly path: string;
}

/** `inspect FILE` */
export const inspectVerb: Verb<InspectCommand> = {
  name: "inspect",
  describe: (program) =>
    program.command("inspect")
      .description("say what a model, a checkpoint or a run holds")
      .argument("<file>", "an .onnx or .safetensors file, or a run's folder")
      .helpOption("-h, --help", "show this help"),
  read: (command) => ({ kind: "inspect", path: command.args[0] }),
};
