/** Files that `--curriculum` named: JSON of one brain, or YAML of several. */
import { basename, extname } from "node:path";
import { plainText } from "../../util/quote.ts";
import { isPlainMap } from "../plain_maps.ts";
import { type ConfigurationFile, contentOf } from "./configuration_file.ts";
import { convertCurricula, convertCurriculum } from "./curricula.ts";
import { detectFormat } from "./detect_format.ts";
import type { Draft } from "./draft.ts";

/**
 * Writes the curricula of a file. The file of one brain has the brain's name;
 * up to 0.4, when there was one curriculum only, it had any, so that
 * `isOnly` allows for another name if just one behavior is listed.
 */
export function convertCurriculumFile(
  file: ConfigurationFile,
  draft: Draft,
  isOnly: boolean,
): void {
  const content = contentOf(file);
  const format = detectFormat(content.value);
  if (format === "curricula") return convertCurricula(content, draft);
  if (format !== "curriculum") {
    return draft.fail(content.origin, {
      what: "is no curriculum",
      allowed: "a mapping with measure, thresholds, min_lesson_length, " +
        "signal_smoothing and parameters; or such mappings by brain",
      cure: "Today's curricula stand in environment_parameters of the " +
        "configuration.",
    });
  }
  const name = basename(file.name, extname(file.name));
  const { behaviors } = draft.value;
  const listed = isPlainMap(behaviors) ? Object.keys(behaviors) : [];
  if (listed.includes(name) || !isOnly || listed.length === 0) {
    return convertCurriculum(name, content, draft);
  }
  if (listed.length === 1) {
    return convertCurriculum(listed[0], content, draft);
  }
  if (draft.value.default_settings) {
    return convertCurriculum(name, content, draft);
  }
  draft.fail(content.origin, {
    what: "no behavior has this curriculum's name",
    found: plainText(name, 60),
    allowed: plainText(listed.join(", "), 200),
    cure: "Name the file as the behavior that learns by it.",
  });
}
