/** Files in today's layout with parts of 0.17 and of other years. */
import { isPlainMap, mapEntries, type PlainMap } from "../plain_maps.ts";
import {
  type ConfigurationFile,
  contentOf,
  type Given,
  within,
} from "./configuration_file.ts";
import { convertCurricula } from "./curricula.ts";
import { hasOldParts, isOldSampler, isUnnamedLesson } from "./detect_format.ts";
import type { Draft } from "./draft.ts";
import { convertSamplers } from "./samplers.ts";

/** Carries a file over and replaces what today has no place for. */
export function convertTransition(file: ConfigurationFile, draft: Draft): void {
  const whole = contentOf(file);
  const content = whole.value;
  if (!isPlainMap(content)) {
    return draft.fail(whole.origin, {
      what: "no configuration",
      allowed: "a mapping with behaviors, env_settings and so on",
    });
  }
  const { parameter_randomization, curriculum, ...rest } = content;
  draft.set([], structuredClone(rest), [whole.origin]);
  const isFirst = isFirstOfItsLayout(content);
  if (isPlainMap(content.default_settings)) {
    convertBehavior(["default_settings"], content.default_settings, isFirst);
  }
  for (const [name, behavior] of mapsIn(content.behaviors)) {
    convertBehavior(["behaviors", name], behavior, isFirst);
  }
  for (const [name, parameter] of mapsIn(content.environment_parameters)) {
    if (hasOldParts(parameter)) convertParameter(name, parameter);
  }
  const part = (key: string): Given => ({
    value: content[key],
    origin: within(whole.origin, key),
  });
  if (parameter_randomization) {
    convertSamplers(part("parameter_randomization"), draft);
  }
  if (curriculum) convertCurricula(part("curriculum"), draft);
  if ("output_path" in content) dropOutputPath(["output_path"]);
  if (isFirst && isPlainMap(content.behaviors)) {
    draft.report(
      "noted",
      within(whole.origin, "behaviors"),
      "those that are not listed trained with PPO's defaults and are " +
        "refused today, unless you add default_settings: {}",
    );
  }

  function convertBehavior(
    path: readonly string[],
    behavior: PlainMap,
    isFirst: boolean,
  ): void {
    if ("output_path" in behavior) dropOutputPath([...path, "output_path"]);
    if ("framework" in behavior) {
      drop([...path, "framework"], "it has no meaning any more");
    }
    for (const [name, signal] of mapsIn(behavior.reward_signals)) {
      if (name === "extrinsic") continue;
      convertWidth([...path, "reward_signals", name], signal, isFirst);
    }
    if (isFirst && !("threaded" in behavior)) {
      draft.add([...path, "threaded"], true, "the default of 0.17");
    }
  }

  function convertWidth(
    path: readonly string[],
    signal: PlainMap,
    isFirst: boolean,
  ): void {
    const old = [...path, "encoding_size"];
    const today = [...path, "network_settings", "hidden_units"];
    const { encoding_size: width } = signal;
    if (width === undefined) {
      if (isFirst && !("network_settings" in signal)) {
        draft.add(today, 64, "the default of encoding_size in 0.17");
      }
    } else if ("network_settings" in signal) {
      drop(old, "without effect beside network_settings");
    } else if (width === null) {
      drop(old, "it says nothing");
    } else {
      draft.remove(old);
      draft.set(today, width, [within(whole.origin, ...old)]);
    }
  }

  function convertParameter(name: string, parameter: PlainMap): void {
    const path = ["environment_parameters", name];
    const origin = within(whole.origin, ...path);
    if ("sampler-type" in parameter) {
      draft.remove(path);
      convertSamplers({
        value: { [name]: parameter },
        origin: within(whole.origin, "environment_parameters"),
      }, draft);
    } else if (Array.isArray(parameter.curriculum)) {
      const lessons = [...path, "curriculum"];
      const list = within(origin, "curriculum");
      draft.set(lessons, parameter.curriculum.map(todaysLesson), [list]);
      for (const [i, lesson] of parameter.curriculum.entries()) {
        if (!isUnnamedLesson(lesson)) continue;
        const [key] = Object.keys(lesson);
        draft.trace([...lessons, i], [within(list, i, key)]);
      }
    } else {
      const type = within(origin, "sampler_type");
      draft.set([...path, "sampler_type"], "multirangeuniform", [type]);
    }
  }

  function dropOutputPath(path: readonly string[]): void {
    drop(path, "runs go to checkpoint_settings.results_dir");
  }

  function drop(path: readonly string[], why: string): void {
    draft.remove(path);
    draft.report("dropped", within(whole.origin, ...path), why);
  }
}

/** Whether a file is certainly of 0.17, whose defaults were other ones. */
export function isFirstOfItsLayout(content: PlainMap): boolean {
  return "curriculum" in content || "parameter_randomization" in content ||
    "output_path" in content ||
    mapsIn(content.behaviors).some(([, each]) => "output_path" in each);
}

function todaysLesson(lesson: unknown): unknown {
  if (isUnnamedLesson(lesson)) {
    const [[name, parts]] = Object.entries(lesson);
    return todaysLesson({ name, ...parts });
  }
  return mapEntries(lesson, (value, key) => {
    if (key !== "value" || !isPlainMap(value) || !isOldSampler(value)) {
      return structuredClone(value);
    }
    const { "sampler-type": hyphened, ...rest } = value;
    const type = hyphened ?? rest.sampler_type;
    const sampler_type = type === "multirange_uniform"
      ? "multirangeuniform"
      : type;
    return { ...structuredClone(rest), sampler_type };
  });
}

function mapsIn(map: unknown): [string, PlainMap][] {
  if (!isPlainMap(map)) return [];
  return Object.entries(map).flatMap(([name, value]) =>
    isPlainMap(value) ? [[name, value]] : []
  );
}
