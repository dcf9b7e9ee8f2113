/** Names that become files and folders: run ids and behaviors. */
import { type Problem, UserError } from "../errors.ts";
import { quote } from "../util/quote.ts";

const longest = 150;
const controlCharacter = /\p{Cc}/u;
const separator = /[/\\]/;
const forbiddenOnWindows = /[<>:"|?*]/;
const deviceOnWindows = /^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i;

/** The run's own files beside its behaviors, and a key of its status. */
const partsOfRun = ["run_logs", "run.lock", "configuration.yaml", "metadata"];

/** Models lie beside the behaviors' folders. */
const modelEnding = /\.onnx$/i;

/**
 * What makes a run id unfit for a folder of its own within the results, on any
 * system (results travel), or null. `what` says which run is meant.
 */
export function checkRunId(name: string, what = "the run id"): Problem | null {
  const reason = unfitness(name);
  if (reason === undefined) return null;
  return unfit(name, `${what} ${reason}`);
}

/**
 * What makes a behavior's name unfit for a folder of its own within the run, or
 * null: as for a run id, and the run's own files have other names.
 */
export function checkBehaviorName(name: string): Problem | null {
  const reason = unfitness(name) ??
    (partsOfRun.includes(name.toLowerCase()) || modelEnding.test(name)
      ? "names another part of the results"
      : undefined);
  if (reason === undefined) return null;
  return {
    ...unfit(name, `the behavior's name ${reason}`),
    cure: "Rename it in the agent's Behavior Parameters.",
  };
}

/** @throws {UserError} if one of the checks above has found something. */
export function refuseName(problem: Problem | null): void {
  if (problem) throw new UserError(problem);
}

function unfit(name: string, what: string): Problem {
  return {
    what,
    found: quote(name, 60),
    allowed: "a plain name that can be a folder of its own on any system",
  };
}

function unfitness(name: string): string | undefined {
  if (name === "") return "is empty";
  if (name === "." || name === "..") return "is no folder of its own";
  if (separator.test(name)) return "leads to another folder";
  if (controlCharacter.test(name)) return "contains control characters";
  if (!name.isWellFormed()) return "contains half a character";
  if (forbiddenOnWindows.test(name)) return 'contains one of < > : " | ? *';
  if (deviceOnWindows.test(name)) return "is a device name on Windows";
  if (/^ |[ .]$/.test(name)) {
    return "begins with a blank, or ends with a blank or full stop";
  }
  if (new TextEncoder().encode(name).length > longest) {
    return `is longer than ${longest} bytes`;
  }
}
