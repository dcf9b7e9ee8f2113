/** Files in today's layout with parts of 0.17 and of other years. */
import { isPlainMap, mapEntries, type PlainMap } from "../plain_maps.ts";
import {
  type ConfigurationFile,
  contentOf,
  type Origin,
  within,
} from "./configuration_file.ts";
import { convertCurricula } from "./curricula.ts";
import { hasOldParts, isOldSampler, isUnnamedLesson } from "./detect_format.ts";
import type { Draft } from "./draft.ts";
import { convertSamplers } from "./samplers.ts";

/** Carries a file over and replaces what today has no place for. */
export function convertTransition(file: ConfigurationFile, draft: Draft): void {
  const { value, origin } = contentOf(file);
  if (isPlainMap(value)) return new Transition(value, origin, draft).convert();
  draft.fail(origin, {
    what: "no configuration",
    allowed: "a mapping with behaviors, env_settings and so on",
  });
}

class Transition {
  /** Whether defaults of 0.17 are to be written out. */
  readonly #isFirst: boolean;

  constructor(
    private readonly content: PlainMap,
    private readonly root: Origin,
    private readonly draft: Draft,
  ) {
    this.#isFirst = isFirstOfItsLayout(content);
  }

  convert(): void {
    const { content, root, draft } = this;
    const { parameter_randomization, curriculum, ...rest } = content;
    draft.set([], structuredClone(rest), [root]);
    this.#convertBehavior(["default_settings"], content.default_settings);
    for (const [name, behavior] of mapsIn(content.behaviors)) {
      this.#convertBehavior(["behaviors", name], behavior);
    }
    for (const [name, parameter] of mapsIn(content.environment_parameters)) {
      if (hasOldParts(parameter)) this.#convertParameter(name, parameter);
    }
    if (parameter_randomization) {
      const origin = within(root, "parameter_randomization");
      convertSamplers({ value: parameter_randomization, origin }, draft);
    }
    if (curriculum) {
      const origin = within(root, "curriculum");
      convertCurricula({ value: curriculum, origin }, draft);
    }
    this.#dropOutputPath(content, []);
    if (!this.#isFirst || !isPlainMap(content.behaviors)) return;
    draft.report(
      "noted",
      within(root, "behaviors"),
      "those that are not listed trained with PPO's defaults and are " +
        "refused today, unless you add default_settings: {}",
    );
  }

  #convertBehavior(path: readonly string[], behavior: unknown): void {
    if (!isPlainMap(behavior)) return;
    this.#dropOutputPath(behavior, path);
    if ("framework" in behavior) {
      this.#drop([...path, "framework"], "it has no meaning any more");
    }
    for (const [name, signal] of mapsIn(behavior.reward_signals)) {
      if (name === "extrinsic") continue;
      this.#convertWidth([...path, "reward_signals", name], signal);
    }
    if (this.#isFirst && !("threaded" in behavior)) {
      this.draft.add([...path, "threaded"], true, "the default of 0.17");
    }
  }

  /** `encoding_size`, the width of a signal's network up to 0.24. */
  #convertWidth(path: readonly string[], signal: PlainMap): void {
    const old = [...path, "encoding_size"];
    const today = [...path, "network_settings", "hidden_units"];
    const { encoding_size: width } = signal;
    if (width === undefined) {
      if (!this.#isFirst || "network_settings" in signal) return;
      this.draft.add(today, 64, "the default of encoding_size in 0.17");
    } else if ("network_settings" in signal) {
      this.#drop(old, "without effect beside network_settings");
    } else if (width === null) {
      this.#drop(old, "it says nothing");
    } else {
      this.draft.remove(old);
      this.draft.set(today, width, [within(this.root, ...old)]);
    }
  }

  #convertParameter(name: string, parameter: PlainMap): void {
    const { draft, root } = this;
    const path = ["environment_parameters", name];
    if ("sampler-type" in parameter) {
      draft.remove(path);
      const origin = within(root, "environment_parameters");
      return convertSamplers({ value: { [name]: parameter }, origin }, draft);
    }
    const { curriculum } = parameter;
    if (!Array.isArray(curriculum)) {
      const at = [...path, "sampler_type"];
      return draft.set(at, "multirangeuniform", [within(root, ...at)]);
    }
    const at = [...path, "curriculum"];
    const origin = within(root, ...at);
    draft.set(at, curriculum.map(todaysLesson), [origin]);
    for (const [i, lesson] of curriculum.entries()) {
      if (!isUnnamedLesson(lesson)) continue;
      draft.trace([...at, i], [within(origin, i, ...Object.keys(lesson))]);
    }
  }

  #dropOutputPath(map: PlainMap, path: readonly string[]): void {
    if (!("output_path" in map)) return;
    const why = "runs go to checkpoint_settings.results_dir";
    this.#drop([...path, "output_path"], why);
  }

  #drop(path: readonly string[], why: string): void {
    this.draft.remove(path);
    this.draft.report("dropped", within(this.root, ...path), why);
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
