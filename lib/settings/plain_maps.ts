/** Plain mappings, as YAML or an object literal gives them. */
import { quote } from "../util/quote.ts";

/** A mapping of keys to values of any kind. */
export type PlainMap = Readonly<Record<string, unknown>>;

/** The way to a setting: keys, and indices of lists. */
export type SettingPath = readonly (string | number)[];

/** Whether a value is a mapping (no list, no null). */
export function isPlainMap(value: unknown): value is PlainMap {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/**
 * Lays one value over another: mappings join key by key, the rest replaces. A
 * mapping does not cover a value of another kind, so that this stays an error.
 */
export function overlay(under: unknown, over: unknown): unknown {
  if (over === undefined) return under;
  if (under === undefined || under === null || !isPlainMap(over)) return over;
  return isPlainMap(under) ? overlayMaps(under, over) : under;
}

/** {@link overlay} of two mappings. */
export function overlayMaps(under: PlainMap, over: PlainMap): PlainMap {
  const joined: Record<string, unknown> = { ...under };
  for (const [key, value] of Object.entries(over)) {
    joined[key] = overlay(under[key], value);
  }
  return joined;
}

/** The mapping with one value, at any depth, set. */
export function setAt(
  map: PlainMap,
  path: readonly string[],
  value: unknown,
): PlainMap {
  const nested = path.reduceRight<unknown>((v, key) => ({ [key]: v }), value);
  return isPlainMap(nested) ? overlayMaps(map, nested) : map;
}

/** The value at a path; undefined where the path leads nowhere. */
export function valueAt(root: unknown, path: SettingPath): unknown {
  let value = root;
  for (const key of path) {
    if (typeof value !== "object" || value === null) return undefined;
    value = Object.hasOwn(value, key) ? Reflect.get(value, key) : undefined;
  }
  return value;
}

/** The mapping with each value changed; anything else as it is. */
export function mapEntries(
  map: unknown,
  change: (value: unknown, key: string) => unknown,
): unknown {
  if (!isPlainMap(map)) return map;
  return Object.fromEntries(
    Object.entries(map).map(([key, value]) => [key, change(value, key)]),
  );
}

/** A path as people write it: `behaviors.3DBall.hyperparameters`, `list[0]`. */
export function formatPath(path: SettingPath): string {
  return path.reduce<string>((text, key) => {
    if (typeof key === "number") return `${text}[${key}]`;
    const name = /^[^\s."[\]\p{Cc}]+$/u.test(key) ? key : quote(key);
    return text ? `${text}.${name}` : name;
  }, "");
}
