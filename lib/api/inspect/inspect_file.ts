/** The verb `inspect`: what a file or a run's folder holds. */
import { extname } from "node:path";
import { UserError } from "../../errors.ts";
import { readCheckpoint } from "../../store/checkpoint_file.ts";
import { fileError } from "../../util/file_error.ts";
import { requirePermissions } from "../../util/permissions.ts";
import type { CommandOutput } from "../execute_command.ts";
import { loadModel } from "../load_model.ts";
import type { InspectCommand } from "../verbs/inspect_verb.ts";
import { checkpointReport } from "./checkpoint_report.ts";
import { modelReport } from "./model_report.ts";
import { type Report, reportText } from "./report.ts";
import { runReport } from "./run_report.ts";

/** What else people have, and what reads that. */
const otherFiles: Readonly<Record<string, string>> = {
  ".yaml": "Use explain for a configuration.",
  ".yml": "Use explain for a configuration.",
  ".pt": "Checkpoints of PyTorch hold programs: name the .onnx file beside it.",
  ".nn": "Models of ML-Agents before 0.20 are not supported.",
};

/**
 * Prints what the file at a path holds; it is told by its ending.
 *
 * @throws {UserError} if it is missing, damaged or of another kind.
 */
export async function inspectFile(
  { path }: InspectCommand,
  { print }: CommandOutput,
): Promise<void> {
  await requirePermissions([{
    descriptor: { name: "read", path },
    reason: "the file to inspect",
  }]);
  print(reportText(await reportOf(path)));
}

async function reportOf(path: string): Promise<Report> {
  const { isDirectory } = await Deno.stat(path).catch((error) => {
    throw fileError(`cannot read ${path}`, error);
  });
  if (isDirectory) return await runReport(path);
  const ending = extname(path).toLowerCase();
  switch (ending) {
    case ".onnx":
      return modelReport(await loadModel(path));
    case ".safetensors":
      return checkpointReport(path, await readCheckpoint(path));
  }
  throw new UserError({
    what: `${path} is of a kind that inspect does not read`,
    allowed: "a model (.onnx), a checkpoint (.safetensors) or a run's folder",
    ...otherFiles[ending] !== undefined && { cure: otherFiles[ending] },
  });
}
