/** A behavior in today's form while it is made of an old section. */
import { isPlainMap, type PlainMap } from "../plain_maps.ts";
import { type Given, type Origin, within } from "./configuration_file.ts";
import type { Fate } from "./draft.ts";

/** The settings of an old section, those of `default` among them. */
export type Section = ReadonlyMap<string, SectionValue>;

/** A setting of an old section. */
export interface SectionValue extends Given {
  /** Whether the section itself holds it, and not `default`. */
  readonly own: boolean;
}

/** One setting of a behavior, by its path within it. */
export interface Leaf {
  readonly path: readonly string[];
  readonly value: unknown;
  readonly origins: readonly Origin[];
  readonly own: boolean;
  /** Why it is there although it was not written. */
  readonly why?: string;
  readonly remark?: string | undefined;
  /** Only needed where `default_settings` has something beneath the path. */
  readonly resets?: true;
}

/** Collects the settings of one behavior. */
export class BehaviorDraft {
  readonly leaves: Leaf[] = [];
  /** Origins of mappings, for their comments. */
  readonly traces: Pick<Leaf, "path" | "origins">[] = [];
  readonly fates: Fate[] = [];

  /** Writes a value that was calculated from given ones. */
  put(
    path: readonly string[],
    value: unknown,
    given: readonly SectionValue[],
    remark?: string,
  ): void {
    this.leaves.push({
      path,
      value,
      origins: given.map(({ origin }) => origin),
      own: given.some(({ own }) => own),
      remark,
    });
  }

  /** Moves settings, those that are there, into a mapping; names stay. */
  move(
    section: Section,
    keys: readonly string[],
    into: readonly string[],
  ): void {
    for (const key of keys) this.rename(section, key, [...into, key]);
  }

  /** Moves a setting, if it is there, to another name. */
  rename(
    section: Section,
    key: string,
    to: readonly string[],
    remark?: string,
  ): void {
    const given = section.get(key);
    if (!given) return;
    const value = texts.has(key) ? given.value : tidyNumber(given.value);
    this.put(to, value, [given], remark);
  }

  /** Writes a default of then. */
  add(
    path: readonly string[],
    value: unknown,
    why: string,
    own = false,
  ): void {
    this.leaves.push({ path, value, origins: [], own, why });
  }

  /** Switches off what `default_settings` may switch on. */
  reset(path: readonly string[], { origin, own }: SectionValue): void {
    this.leaves.push({
      path,
      value: null,
      origins: [origin],
      own,
      resets: true,
    });
  }

  /** Notes where a mapping stood. */
  trace(path: readonly string[], { origin }: SectionValue): void {
    this.traces.push({ path, origins: [origin] });
  }

  /** Says why settings, those that are there, have no place any more. */
  drop(
    section: Section,
    keys: readonly string[],
    why: string,
    kind: Fate["kind"] = "dropped",
  ): void {
    for (const key of keys) {
      const given = section.get(key);
      if (given) this.fates.push({ kind, origin: given.origin, why });
    }
  }
}

/** The settings of a mapping within a section; undefined if it is none. */
export function partsOf(given: SectionValue | undefined): Section | undefined {
  if (!given || !isPlainMap(given.value)) return undefined;
  const { origin, own } = given;
  return sectionOf(given.value, origin, own);
}

/** The settings of a mapping at an origin. */
export function sectionOf(
  map: PlainMap,
  origin: Origin,
  own: boolean,
): Section {
  return new Map(
    Object.entries(map).map(([key, value]) => [
      key,
      { value, origin: within(origin, key), own },
    ]),
  );
}

/** Settings whose value is a text even if it looks like a number. */
const texts = new Set(["demo_path", "init_path"]);

/** A number in quotes, which not every reader takes, as a number. */
function tidyNumber(value: unknown): unknown {
  if (typeof value !== "string") return value;
  return /^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i.test(value.trim())
    ? Number(value)
    : value;
}
