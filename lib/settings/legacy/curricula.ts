/** Curricula of brains, up to 0.17. */
import { isPlainMap } from "../plain_maps.ts";
import { type Given, type Origin, within } from "./configuration_file.ts";
import type { Draft } from "./draft.ts";
import { replaceParameter } from "./replace_parameter.ts";

/** What held for all lessons of a curriculum, with the defaults of 0.17. */
const common = {
  measure: "reward",
  signal_smoothing: true,
  min_lesson_length: 0,
};

/** Writes curricula by brain, of a file (0.14 to 0.16) or of a part (0.17). */
export function convertCurricula(given: Given, draft: Draft): void {
  for (const [behavior, curriculum] of draft.entries(given)) {
    convertCurriculum(behavior, curriculum, draft);
  }
}

/**
 * Writes the lessons of one brain: all its parameters advance together, as
 * they have equal criteria, and every advance resets the environments.
 */
export function convertCurriculum(
  behavior: string,
  { value, origin }: Given,
  draft: Draft,
): void {
  const parameters = isPlainMap(value) ? value.parameters : undefined;
  if (!isPlainMap(value) || !isPlainMap(parameters)) {
    return draft.fail(origin, {
      what: "no curriculum",
      allowed: "a mapping with measure, thresholds, min_lesson_length, " +
        "signal_smoothing and parameters",
    });
  }
  const thresholds = value.thresholds ?? [];
  if (!Array.isArray(thresholds)) {
    return draft.fail(within(origin, "thresholds"), {
      what: "wrong kind of value",
      allowed: "a list of numbers",
    });
  }
  const held = Object.entries(common).map(([key, usual]) =>
    [key, value[key] ?? usual] as const
  );
  for (const [name, values] of Object.entries(parameters)) {
    const at = within(origin, "parameters", name);
    const isList = Array.isArray(values);
    if (!isList || values.length !== thresholds.length + 1) {
      draft.fail(at, {
        what: isList ? "wrong length" : "wrong kind of value",
        ...isList ? { found: `${values.length} values` } : {},
        allowed: `a list of ${thresholds.length + 1} values, ` +
          "one more than there are thresholds",
      });
      continue;
    }
    const path = ["environment_parameters", name];
    replaceParameter(name, at, draft);
    draft.set(path, {
      curriculum: values.map((lesson, i) => ({
        name: `Lesson${i}`,
        ...i === thresholds.length ? {} : {
          completion_criteria: {
            behavior,
            ...Object.fromEntries(held),
            threshold: thresholds[i],
            require_reset: true,
          },
        },
        value: lesson,
      })),
    }, [at]);
    traceLessons(path, origin, at, values.length, draft);
  }
}

/** Notes where the parts of a parameter's lessons stood. */
function traceLessons(
  path: readonly string[],
  curriculum: Origin,
  values: Origin,
  count: number,
  draft: Draft,
): void {
  for (let i = 0; i < count; i++) {
    const lesson = [...path, "curriculum", i];
    draft.trace([...lesson, "value"], [within(values, i)]);
    if (i === count - 1) return;
    const criteria = [...lesson, "completion_criteria"];
    for (const key of Object.keys(common)) {
      draft.trace([...criteria, key], [within(curriculum, key)]);
    }
    const threshold = within(curriculum, "thresholds", i);
    draft.trace([...criteria, "threshold"], [threshold]);
  }
}
