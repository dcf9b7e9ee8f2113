/** Distributions of environment parameters, up to 0.17. */
import { plainText } from "../../util/quote.ts";
import { isPlainMap } from "../plain_maps.ts";
import { type Given, within } from "./configuration_file.ts";
import { intervalKeys } from "./detect_format.ts";
import type { Draft } from "./draft.ts";
import { replaceParameter } from "./replace_parameter.ts";

/** Today's name of each distribution and what describes it. */
const distributions: Readonly<
  Record<string, { today: string; keys: readonly string[] }>
> = {
  uniform: { today: "uniform", keys: ["min_value", "max_value"] },
  gaussian: { today: "gaussian", keys: ["mean", "st_dev"] },
  multirange_uniform: { today: "multirangeuniform", keys: ["intervals"] },
  multirangeuniform: { today: "multirangeuniform", keys: ["intervals"] },
};

/** Writes the samplers of a file (0.9 to 0.16), or of a part of one (0.17). */
export function convertSamplers(given: Given, draft: Draft): void {
  for (const [name, sampler] of draft.entries(given)) {
    if (intervalKeys.some((key) => key === name)) {
      const why = "Unity draws a value whenever it reads the parameter";
      draft.report("dropped", sampler.origin, why);
    } else convertSampler(name, sampler, draft);
  }
}

function convertSampler(
  name: string,
  { value, origin }: Given,
  draft: Draft,
): void {
  if (!isPlainMap(value)) {
    return draft.fail(origin, {
      what: "wrong kind of value",
      allowed: "a mapping with sampler-type and what belongs to it",
    });
  }
  const typeKey = "sampler-type" in value ? "sampler-type" : "sampler_type";
  const type = value[typeKey];
  if (typeof type !== "string") {
    return draft.fail(origin, {
      what: "no sampler-type",
      allowed: "uniform, gaussian, multirange_uniform",
    });
  }
  if (!Object.hasOwn(distributions, type)) {
    const why = `Unity has no sampler named ${plainText(type, 60)}`;
    return draft.report("lost", origin, why);
  }
  const path = ["environment_parameters", name];
  const { today, keys } = distributions[type];
  replaceParameter(name, origin, draft);
  draft.set(path, {}, [origin]);
  draft.set([...path, "sampler_type"], today, [within(origin, typeKey)]);
  draft.set([...path, "sampler_parameters"], {}, []);
  for (const key of keys.filter((each) => Object.hasOwn(value, each))) {
    const at = [...path, "sampler_parameters", key];
    draft.set(at, value[key], [within(origin, key)]);
  }
}
