/** Files of 0.3 to 0.16: a section for each brain beside `default`. */
import { isDeepStrictEqual } from "node:util";
import { UserError } from "../../errors.ts";
import { formatPath, isPlainMap, type PlainMap } from "../plain_maps.ts";
import { limits } from "../yaml_tree.ts";
import {
  type BehaviorDraft,
  type Leaf,
  type Section,
  sectionOf,
} from "./behavior_draft.ts";
import {
  type ConfigurationFile,
  type Origin,
  placeOf,
} from "./configuration_file.ts";
import { convertSection, isLiveImitation } from "./convert_section.ts";
import type { Draft } from "./draft.ts";
import type { Era } from "./era.ts";
import { SectionReferences } from "./section_references.ts";

const defaultName = "default";

/**
 * Writes `default_settings` and `behaviors`. A section lay over `default` key
 * by key, its own mappings replacing whole ones, which today's deep merging
 * cannot always express: then every behavior is written out, without defaults.
 *
 * @throws {UserError} for far more settings than a configuration has.
 */
export function convertSections(
  file: ConfigurationFile,
  sections: PlainMap,
  draft: Draft,
  era: Era,
): void {
  const originOf = (name: string): Origin => ({ file, path: [name] });
  const behaviors = new Map<string, BehaviorDraft>();
  const references = new SectionReferences(sections, originOf, draft);
  let size = 0;
  for (const name of new Set([defaultName, ...Object.keys(sections)])) {
    const source = references.follow(name);
    if (source === undefined) continue;
    const section = mergeSection(sections, name, source, originOf);
    if (isLiveImitation(section)) {
      draft.report("lost", originOf(name), liveImitation(section));
      continue;
    }
    const converted = convertSection(section, originOf(name), era);
    behaviors.set(name, converted);
    size += converted.leaves.length;
    if (size > limits.values) {
      throw new UserError({
        what: "too much for a configuration",
        place: placeOf(originOf(name), true),
        allowed: `at most ${limits.values} settings, those of default ` +
          "counted for each section",
      });
    }
  }

  const defaults = behaviors.get(defaultName);
  behaviors.delete(defaultName);
  const under = new DefaultLeaves(defaults?.leaves ?? []);
  const obstacle = [...behaviors].find(([, each]) => !under.fits(each.leaves));
  if (defaults && !obstacle) {
    write(defaults, under.leaves, ["default_settings"], originOf(defaultName));
  } else if (defaults && obstacle) {
    draft.report(
      "noted",
      originOf(defaultName),
      "brains without a section took it; it is now part of every behavior " +
        "and not of default_settings, which would not fit beneath " +
        `${formatPath([obstacle[0]])}: list all behaviors of the environment`,
    );
  }
  const beneath = obstacle ? new DefaultLeaves([]) : under;
  for (const [name, behavior] of behaviors) {
    const leaves = behavior.leaves.filter((leaf) => beneath.needs(leaf));
    write(behavior, leaves, ["behaviors", name], originOf(name));
  }
  // What no behavior took; what one of them says about it comes first.
  for (const { origins } of obstacle ? defaults?.leaves ?? [] : []) {
    for (const origin of origins) {
      draft.report("dropped", origin, "every behavior has its own");
    }
  }

  function write(
    behavior: BehaviorDraft,
    leaves: readonly Leaf[],
    base: readonly string[],
    origin: Origin,
  ): void {
    draft.set(base, {}, [origin]);
    for (const { path, value, origins, why, remark } of leaves) {
      const at = [...base, ...path];
      if (why === undefined) draft.set(at, value, origins, remark);
      else draft.add(at, value, why);
    }
    for (const { path, origins } of behavior.traces) {
      draft.trace([...base, ...path], origins);
    }
    draft.fates.push(...behavior.fates);
  }
}

/** What a brain trained with: the section of `source` over `default`. */
function mergeSection(
  sections: PlainMap,
  name: string,
  source: string,
  originOf: (name: string) => Origin,
): Section {
  const layers = [defaultName, source].map((key) => {
    const map = Object.hasOwn(sections, key) ? sections[key] : undefined;
    return isPlainMap(map)
      ? [...sectionOf(map, originOf(key), key === name)]
      : [];
  });
  return new Map(layers.flat());
}

function liveImitation(section: Section): string {
  return `its trainer (${section.get("trainer")?.value}) watched a player ` +
    "while it played, which nothing does today; record a demonstration in " +
    "Unity and name it in behavioral_cloning.demo_path";
}

/** What would be `default_settings`. */
class DefaultLeaves {
  readonly leaves: readonly Leaf[];
  readonly #byPath: ReadonlyMap<string, Leaf>;
  /** Every path above a leaf. */
  readonly #above: ReadonlySet<string>;

  constructor(leaves: readonly Leaf[]) {
    this.leaves = leaves.filter(({ resets }) => !resets);
    this.#byPath = new Map(this.leaves.map((leaf) => [keyOf(leaf.path), leaf]));
    this.#above = pathsAbove(this.leaves);
  }

  /** Whether a behavior, laid over them, keeps nothing that is not its own. */
  fits(over: readonly Leaf[]): boolean {
    const values = new Map(
      over.map(({ path, value }) => [keyOf(path), value]),
    );
    const above = pathsAbove(over);
    return this.leaves.every(({ path, value }) =>
      values.has(keyOf(path)) ||
      path.some((_, end) => values.get(keyOf(path.slice(0, end))) === null) ||
      isPlainMap(value) && above.has(keyOf(path))
    );
  }

  /** Whether a behavior over them needs a leaf of its own. */
  needs(leaf: Leaf): boolean {
    if (leaf.resets) return this.#above.has(keyOf(leaf.path));
    const same = this.#byPath.get(keyOf(leaf.path));
    return leaf.own || !same || !isDeepStrictEqual(same.value, leaf.value);
  }
}

function keyOf(path: readonly string[]): string {
  return path.join("\n");
}

function pathsAbove(leaves: readonly Leaf[]): Set<string> {
  return new Set(
    leaves.flatMap(({ path }) =>
      path.map((_, end) => keyOf(path.slice(0, end)))
    ),
  );
}
