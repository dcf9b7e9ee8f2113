/** Names in a configuration: most become folders of the results. */
import type { Problem } from "../errors.ts";
import { quote } from "../util/quote.ts";
import { describeValue, type Finding } from "./findings.ts";
import { checkBehaviorName, checkRunId } from "./path_names.ts";
import { isPlainMap, type SettingPath, valueAt } from "./plain_maps.ts";

/**
 * The run ids and behavior names that cannot be folders of their own, and the
 * names of parameters that cannot be sent.
 */
export function nameFindings(configuration: unknown): Finding[] {
  const findings: Finding[] = [];
  const add = (problem: Problem | null, path: SettingPath, atKey = false) => {
    if (problem) findings.push({ ...problem, path, atKey });
  };
  const checkRun = (key: string, what: string) => {
    const path = ["checkpoint_settings", key];
    const id = valueAt(configuration, path);
    if (typeof id === "string") add(checkRunId(id, what), path);
  };
  checkRun("run_id", "the run id");
  checkRun("initialize_from", "the run to initialize from");

  const namesIn = (section: string) => {
    const named = valueAt(configuration, [section]);
    return isPlainMap(named) ? Object.keys(named) : [];
  };
  for (const name of namesIn("environment_parameters")) {
    if (/^\P{Cc}+$/u.test(name)) continue;
    const what = "a parameter's name is empty or contains control characters";
    add({ what, found: quote(name) }, ["environment_parameters", name], true);
  }
  const seen = new Map<string, string>();
  for (const name of namesIn("behaviors")) {
    const path = ["behaviors", name];
    add(checkBehaviorName(name), path, true);
    // As file systems compare names that do not tell case or spelling apart.
    const folder = name.normalize("NFC").toLowerCase();
    const twin = seen.get(folder);
    seen.set(folder, name);
    if (twin === undefined) continue;
    findings.push({
      path,
      atKey: true,
      what: "differs from another behavior by case only, so both would share " +
        "one folder on some systems",
      found: describeValue(twin),
    });
  }
  return findings;
}
