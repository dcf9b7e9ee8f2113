/** From a configuration of any year to one of today. */
import { UserError } from "../../errors.ts";
import { formatPath, isPlainMap, type PlainMap } from "../plain_maps.ts";
import type { SettingsSource } from "../resolve_settings.ts";
import type { Change } from "./change.ts";
import { reportChanges } from "./change_report.ts";
import {
  type ConfigurationFile,
  contentOf,
  placeOf,
} from "./configuration_file.ts";
import { convertCurricula } from "./curricula.ts";
import { convertCurriculumFile } from "./curriculum_file.ts";
import { type ConfigurationFormat, detectFormat } from "./detect_format.ts";
import { Draft } from "./draft.ts";
import { companionEvidence, describeEra, type Era, eraOf } from "./era.ts";
import { convertSamplers } from "./samplers.ts";
import { convertSections } from "./sections.ts";
import { convertTransition, isFirstOfItsLayout } from "./transition.ts";
import { upgradedYaml } from "./upgraded_yaml.ts";

/** The files that described a run up to 0.16. */
export interface UpgradeInputs {
  /** The trainer configuration. */
  readonly main: ConfigurationFile;
  /** The files of `--curriculum`, several if it was a folder. */
  readonly curricula?: readonly ConfigurationFile[];
  /** The file of `--sampler`. */
  readonly sampler?: ConfigurationFile;
}

/** A configuration in today's form, which knows where everything stood. */
export interface Upgraded extends SettingsSource {
  /** For `resolveSettings`, to be called with this as the source. */
  readonly value: PlainMap;
  readonly changes: readonly Change[];
  readonly format: ConfigurationFormat;
  /** `ML-Agents 0.4 to 0.8`. */
  readonly era: string;
  /** The configuration as YAML, with the comments of the files. */
  toYaml(): string;
}

/**
 * Turns any format into today's.
 *
 * @throws {UserError} for what no version would have accepted, and if nothing
 * can be carried over.
 */
export function upgradeConfiguration(inputs: UpgradeInputs): Upgraded {
  const { main, curricula = [], sampler } = inputs;
  const files = [main, ...sampler ? [sampler] : [], ...curricula];
  const draft = new Draft(contentOf(main).origin);
  const format = detectFormat(main.yaml.value);
  const era = convertMain(main, format, draft, companionsOf(inputs));
  if (sampler) convertSamplerFile(sampler, draft);
  for (const file of curricula) {
    convertCurriculumFile(file, draft, curricula.length === 1);
  }
  if (draft.problems.length > 0) throw new UserError(draft.problems);
  if (Object.keys(draft.value).length === 0) throw nothingLeft(main, draft);
  return {
    value: draft.value,
    changes: reportChanges(files, draft),
    format,
    era,
    place: (path, atKey) => draft.place(path, atKey),
    toYaml: () => upgradedYaml(files, draft),
  };
}

/** Writes the main file and returns what it was written for. */
function convertMain(
  file: ConfigurationFile,
  format: ConfigurationFormat,
  draft: Draft,
  companions: readonly Partial<Era>[],
): string {
  const content = contentOf(file);
  switch (format) {
    case "sections": {
      const sections = isPlainMap(content.value) ? content.value : {};
      const era = eraOf(Object.values(sections).filter(isPlainMap), companions);
      convertSections(file, sections, draft, era);
      return describeEra(era);
    }
    case "curriculum":
      convertCurriculumFile(file, draft, false);
      noteIsPart(file, draft, "--curriculum");
      return "ML-Agents 0.2 to 0.13";
    case "curricula":
      convertCurricula(content, draft);
      noteIsPart(file, draft, "--curriculum");
      return "ML-Agents 0.14 to 0.16";
    case "samplers":
      convertSamplers(content, draft);
      noteIsPart(file, draft, "--sampler");
      return "ML-Agents 0.9 to 0.16";
    case "transition":
    case "current":
      convertTransition(file, draft);
      return isPlainMap(content.value) && isFirstOfItsLayout(content.value)
        ? "ML-Agents 0.17"
        : "ML-Agents 0.17 or later";
  }
}

function noteIsPart(
  file: ConfigurationFile,
  draft: Draft,
  option: string,
): void {
  draft.report(
    "noted",
    contentOf(file).origin,
    "this is a part of a run; upgrade its trainer configuration with " +
      `${option} ${file.name} to have one file`,
  );
}

function convertSamplerFile(file: ConfigurationFile, draft: Draft): void {
  const content = contentOf(file);
  if (detectFormat(content.value) === "samplers") {
    return convertSamplers(content, draft);
  }
  draft.fail(content.origin, {
    what: "is no sampler file",
    allowed: "resampling-interval, and mappings with sampler-type by parameter",
    cure: "Today's samplers stand in environment_parameters of the " +
      "configuration.",
  });
}

/** What the files beside the main one say about its version. */
function companionsOf({ curricula = [], sampler }: UpgradeInputs) {
  return [
    ...sampler ? [companionEvidence.sampler] : [],
    ...curricula.map(({ name }) =>
      /\.json$/i.test(name)
        ? companionEvidence.jsonCurriculum
        : companionEvidence.yamlCurriculum
    ),
  ];
}

/** Each reason once, with the first place that it is true of. */
function nothingLeft(file: ConfigurationFile, draft: Draft): UserError {
  const lost = draft.fates.filter(({ kind }) => kind === "lost");
  const byReason = new Map(lost.toReversed().map((fate) => [fate.why, fate]));
  return new UserError([
    {
      what: "nothing in it has a like today",
      place: { file: file.name },
    },
    ...[...byReason.values()].reverse().map(({ origin, why }) => ({
      what: why,
      path: formatPath(origin.path),
      place: placeOf(origin, true),
    })),
  ]);
}
