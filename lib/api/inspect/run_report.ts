import { basename, dirname, relative, resolve } from "node:path";
import { UserError } from "../../errors.ts";
import { findCheckpoints } from "../../store/resume_point.ts";
import { RunPaths } from "../../store/run_paths.ts";
import { formatCount } from "../../ui/format.ts";
import { listFacts, type Report } from "./report.ts";

/** The checkpoints in a run's folder. Throws UserError if there is none. */
export async function runReport(folder: string): Promise<Report> {
  const whole = resolve(folder);
  const paths = new RunPaths(dirname(whole), basename(whole));
  const { found, damaged } = await findCheckpoints(paths);
  if (found.length + damaged.length === 0) {
    throw new UserError({
      what: `${folder} is no folder of a run`,
      found: "no checkpoint in its folders",
      cure: "Name a run's folder, results/RUN_ID, or one of its files.",
    });
  }
  const rows = found
    .filter(({ behavior, step, path }) =>
      path === paths.checkpoint(behavior, step)
    )
    .sort((a, b) => a.behavior.localeCompare(b.behavior) || a.step - b.step)
    .map(({ behavior, step, reward, path }) => [
      behavior,
      formatCount(step),
      reward === null ? "-" : reward.toFixed(3),
      relative(whole, path),
    ]);
  return {
    title: `${folder}: a training run`,
    facts: listFacts(
      "damaged",
      damaged.map(({ problems: [{ what, found }] }) => `${what}, ${found}`),
    ),
    table: [["behavior", "step", "mean reward", "checkpoint"], ...rows],
  };
}
