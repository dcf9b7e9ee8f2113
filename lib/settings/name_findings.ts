/** Names in a configuration that become folders of the results. */
import { describeValue, type Finding } from "./findings.ts";
import { checkPathName } from "./path_names.ts";
import { isPlainMap, type SettingPath, valueAt } from "./plain_maps.ts";

/** The run ids and behavior names that cannot be folders of their own. */
export function nameFindings(configuration: unknown): Finding[] {
  const findings: Finding[] = [];
  const check = (name: unknown, what: string, path: SettingPath) => {
    const problem = typeof name === "string" ? checkPathName(name, what) : null;
    if (problem) {
      findings.push({ ...problem, path, atKey: path[0] === "behaviors" });
    }
  };
  const run = ["checkpoint_settings", "run_id"];
  check(valueAt(configuration, run), "the run id", run);
  const from = ["checkpoint_settings", "initialize_from"];
  check(valueAt(configuration, from), "the run to initialize from", from);

  const behaviors = valueAt(configuration, ["behaviors"]);
  const seen = new Map<string, string>();
  for (const name of isPlainMap(behaviors) ? Object.keys(behaviors) : []) {
    const path = ["behaviors", name];
    check(name, "the behavior's name", path);
    const twin = seen.get(name.toLowerCase());
    seen.set(name.toLowerCase(), name);
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
