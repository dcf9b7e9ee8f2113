/** The way from what a user wrote to settings without gaps. */
import { type Problem, type SourcePlace, UserError } from "../errors.ts";
import { deepFreeze } from "../util/deep_freeze.ts";
import { mergeDefaultSettings } from "./default_settings.ts";
import { replaceDeprecatedKeys } from "./deprecated_keys.ts";
import { type Finding, findingsOf } from "./findings.ts";
import { nameFindings } from "./name_findings.ts";
import {
  formatPath,
  overlay,
  type PlainMap,
  type SettingPath,
  valueAt,
} from "./plain_maps.ts";
import { type RunSettings, runSettings } from "./run_settings.ts";
import {
  comesFromOverride,
  originOf,
  type SettingOrigin,
  type SettingSources,
} from "./setting_origins.ts";
import { layOverrides, type SettingsOverrides } from "./setting_overrides.ts";
import { settingsWarnings } from "./settings_warnings.ts";

/** Where settings stand in a text. */
export interface SettingsSource {
  /** The place of a key or its value, or of the nearest one around it. */
  place(path: SettingPath, atKey: boolean): SourcePlace;
}

/** Settings to run with, and what is worth knowing about them. */
export interface ResolvedSettings {
  readonly settings: RunSettings;
  readonly warnings: readonly Problem[];
  /** The user form of the same settings: what is written, overrides included. */
  readonly configuration: unknown;
  /** Where the value at a path of `settings` comes from. */
  readonly originOf: (path: SettingPath) => SettingOrigin;
}

/**
 * Resolves a configuration: overrides win over it, it wins over the defaults.
 *
 * @throws {UserError} with everything that is wrong, places included where a
 * `source` knows them.
 */
export function resolveSettings(
  written: unknown,
  overrides: SettingsOverrides = {},
  source?: SettingsSource,
): ResolvedSettings {
  const deprecated = replaceDeprecatedKeys(written);
  const start = settleStart(
    layOverrides(deprecated.configuration, overrides),
    overrides.run,
  );
  const merged = mergeDefaultSettings(start.configuration);
  const complete = merged.configuration;
  const sources: SettingSources = {
    written: deprecated.configuration,
    overrides,
    ...source && { place: (path, atKey) => source.place(path, atKey) },
  };

  const toProblem = ({ path, atKey, ...finding }: Finding): Problem => ({
    ...finding,
    ...path.length > 0 ? { path: formatPath(path) } : {},
    ...source && !comesFromOverride(path, sources)
      ? { place: source.place(path, atKey ?? false) }
      : {},
  });

  // Compiling the schemas would take longer than reading one configuration.
  const result = runSettings.safeParse(complete, { jitless: true });
  const findings = [
    ...result.success ? [] : findingsOf(result.error, complete),
    ...nameFindings(complete),
  ].map((finding) => blameDefaults(finding, written, overrides));
  if (!result.success || findings.length > 0) {
    throw new UserError(inOrder(withoutRepeats(findings).map(toProblem)));
  }
  const warnings = [
    ...deprecated.warnings,
    ...start.warnings,
    ...merged.warnings,
    ...settingsWarnings(result.data),
  ].map((finding) => blameDefaults(finding, written, overrides));
  const settings = deepFreeze(result.data);
  return {
    settings,
    warnings: inOrder(withoutRepeats(warnings).map(toProblem)),
    configuration: complete,
    originOf: (path) => originOf(path, settings, sources),
  };
}

/**
 * To resume and to initialise from another run exclude each other: an override
 * wins over what is written, and otherwise resuming wins.
 */
function settleStart(
  configuration: unknown,
  run: PlainMap = {},
): { configuration: unknown; warnings: Finding[] } {
  const at = (root: unknown, key: string) =>
    valueAt(root, ["checkpoint_settings", key]);
  const both = at(configuration, "resume") === true &&
    typeof at(configuration, "initialize_from") === "string";
  if (!both) return { configuration, warnings: [] };
  const initialize = typeof at(run, "initialize_from") === "string" &&
    at(run, "resume") !== true;
  const [kept, dropped] = initialize
    ? ["initialize_from", { resume: false }]
    : ["resume", { initialize_from: null }];
  const [key] = Object.keys(dropped);
  return {
    configuration: overlay(configuration, { checkpoint_settings: dropped }),
    warnings: [{
      path: ["checkpoint_settings", key],
      what: `without effect beside ${kept}`,
    }],
  };
}

/** Moves a finding to `default_settings` if that is where its value stands. */
function blameDefaults(
  finding: Finding,
  written: unknown,
  { run }: SettingsOverrides,
): Finding {
  const [root, , ...rest] = finding.path;
  if (root !== "behaviors" || rest.length === 0) return finding;
  const stands = (path: SettingPath) =>
    valueAt(written, path) !== undefined || valueAt(run, path) !== undefined;
  const inDefaults = ["default_settings", ...rest];
  return !stands(finding.path) && stands(inDefaults)
    ? { ...finding, path: inDefaults }
    : finding;
}

function withoutRepeats(findings: readonly Finding[]): Finding[] {
  const byText = new Map(findings.map((each) => [JSON.stringify(each), each]));
  return [...byText.values()];
}

/** As they stand in the file; what has no place there comes first. */
function inOrder(problems: readonly Problem[]): Problem[] {
  const rank = ({ place }: Problem) =>
    (place?.line ?? 0) * 1e6 + (place?.column ?? 0);
  return problems.toSorted((a, b) => rank(a) - rank(b));
}
