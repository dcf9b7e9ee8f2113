/** Every setting of the old files, and what became of it. */
import { isDeepStrictEqual } from "node:util";
import { isPlainMap, type SettingPath, valueAt } from "../plain_maps.ts";
import type { Change } from "./change.ts";
import { type ConfigurationFile, placeOf } from "./configuration_file.ts";
import type { Draft, Fate } from "./draft.ts";

/** A place in today's form. */
interface Target {
  readonly path: SettingPath;
  readonly remark?: string | undefined;
}

/**
 * Compares old files with the draft that was made of them: nothing that is
 * written in a file is left unmentioned, unless it stands where it stood.
 */
export function reportChanges(
  files: readonly ConfigurationFile[],
  draft: Draft,
): Change[] {
  return [
    ...files.flatMap((file) => new FileReport(file, draft).changes()),
    ...additionsOf(draft),
  ];
}

class FileReport {
  readonly #targets = new Map<string, Target[]>();
  /** Settings of which only parts, items of a list, have a new place. */
  readonly #targetsOfParts = new Map<string, Target[]>();
  readonly #fates = new Map<string, Fate[]>();

  constructor(
    private readonly file: ConfigurationFile,
    private readonly draft: Draft,
  ) {
    for (const { path, origin, remark } of draft.origins()) {
      if (origin.file !== file) continue;
      push(this.#targets, origin.path, { path, remark });
      if (typeof origin.path.at(-1) !== "number") continue;
      push(this.#targetsOfParts, origin.path.slice(0, -1), { path, remark });
    }
    for (const fate of draft.fates) {
      if (fate.origin.file !== file) continue;
      push(this.#fates, fate.origin.path, fate);
    }
  }

  changes(): Change[] {
    return [...this.#walk([], this.file.yaml.value)];
  }

  *#walk(path: SettingPath, value: unknown): Generator<Change> {
    const fates = this.#fates.get(JSON.stringify(path)) ?? [];
    const targets = this.#targetsOf(path);
    for (const { kind, why } of fates) {
      if (kind === "noted") yield this.#change(kind, path, { why });
    }
    const end = fates.find(({ kind }) => kind !== "noted");
    if (end && targets.length === 0) {
      yield this.#change(end.kind, path, { why: end.why });
      return;
    }
    const isLeaf = !isPlainMap(value) || Object.keys(value).length === 0;
    if (!isLeaf) {
      for (const [key, inner] of Object.entries(value)) {
        yield* this.#walk([...path, key], inner);
      }
    } else if (targets.length > 0) {
      yield* this.#moved(path, value, targets);
    } else if (path.length > 0) {
      const why = "the program of that time did not read it";
      yield this.#change("dropped", path, { why });
    }
  }

  *#moved(
    path: SettingPath,
    value: unknown,
    targets: readonly Target[],
  ): Generator<Change> {
    const [{ path: to, remark }] = targets;
    const now = valueAt(this.draft.value, to);
    const isSame = isDeepStrictEqual(now, value) || isPlainMap(now);
    if (isSame && isDeepStrictEqual(to, path) && !remark) return;
    yield this.#change("moved", path, {
      to: targets.map((target) => target.path),
      ...isSame || Array.isArray(now) ? {} : { value: now },
      ...remark === undefined ? {} : { why: remark },
    });
  }

  /** The new places of an old setting, of its items, or of a map around it. */
  #targetsOf(path: SettingPath): readonly Target[] {
    const key = JSON.stringify(path);
    const known = this.#targets.get(key) ?? this.#targetsOfParts.get(key);
    if (known) return known;
    for (let end = path.length - 1; end >= 0; end--) {
      const around = this.#targets.get(JSON.stringify(path.slice(0, end)));
      const found = (around ?? [])
        .map((target) => [...target.path, ...path.slice(end)])
        .filter((to) => this.#comesFrom(to, path));
      if (found.length > 0) return found.map((to) => ({ path: to }));
    }
    return [];
  }

  /** Whether a new setting exists and is a part of what was taken over whole. */
  #comesFrom(to: SettingPath, path: SettingPath): boolean {
    return valueAt(this.draft.value, to) !== undefined &&
      this.draft.originsOf(to).some((origin) =>
        origin.file === this.file && isDeepStrictEqual(origin.path, path)
      );
  }

  #change(
    kind: Change["kind"],
    from: SettingPath,
    rest: Partial<Change>,
  ): Change {
    const place = placeOf({ file: this.file, path: from }, true);
    return { kind, place, from, to: [], ...rest };
  }
}

/** What was added, once for all places that got the same for one reason. */
function additionsOf(draft: Draft): Change[] {
  const groups = Map.groupBy(
    draft.additions.filter(({ path }) => draft.has(path)),
    ({ path, why }) => {
      const setting = path.slice(path[0] === "behaviors" ? 2 : 1);
      return JSON.stringify([setting, valueAt(draft.value, path), why]);
    },
  );
  return [...groups.values()].map((group) => {
    const [{ path, why }] = group;
    const value = valueAt(draft.value, path);
    return {
      kind: "added",
      place: draft.place(path, true),
      to: group.map((addition) => addition.path),
      ...isPlainMap(value) ? {} : { value },
      why,
    };
  });
}

function push<Item>(
  map: Map<string, Item[]>,
  path: SettingPath,
  item: Item,
): void {
  const key = JSON.stringify(path);
  const known = map.get(key);
  if (known) known.push(item);
  else map.set(key, [item]);
}
