/** From the nodes of the YAML parser to plain data. */
import { isAlias, isMap, isScalar, isSeq, type Node } from "yaml";
import { type Problem, type SourcePlace, UserError } from "../errors.ts";
import { plainText } from "../util/quote.ts";
import { formatPath, type SettingPath } from "./plain_maps.ts";

/** More than any configuration needs; what exceeds it is an attack or a slip. */
export const limits = { values: 100_000, depth: 64 } as const;

/** Turns the parser's nodes into plain data and notes their offsets. */
export class YamlTree {
  readonly problems: Problem[] = [];
  readonly warnings: Problem[] = [];
  readonly #placeOf: (offset: number) => SourcePlace;
  readonly #offsets = new Map<string, { key: number; value: number }>();
  readonly #anchors = new Map<string, Node>();
  #budget: number = limits.values;
  #mergeDepth = 0;

  constructor(placeOf: (offset: number) => SourcePlace) {
    this.#placeOf = placeOf;
  }

  read(node: unknown, path: SettingPath): unknown {
    if (path.length > limits.depth) {
      this.#refuse(node, "too much nesting", `${limits.depth} levels`);
    }
    if (--this.#budget < 0) {
      this.#refuse(node, "too many values", `${limits.values} of them`);
    }
    if (isAlias(node)) {
      const target = this.#anchors.get(node.source);
      if (target) return this.read(target, path);
      const alias = plainText(node.source, 60);
      this.#problem(node, `*${alias} has no anchor before it`);
      return null;
    }
    if (isScalar(node) || isSeq(node) || isMap(node)) {
      if (node.anchor) this.#anchors.set(node.anchor, node);
    }
    if (isScalar(node)) return node.value;
    if (isSeq(node)) {
      return node.items.map((item, i) => {
        const offset = offsetOf(item);
        this.#note([...path, i], offset, offset);
        return this.read(item, [...path, i]);
      });
    }
    if (!isMap(node)) return null;
    return this.#readMap(node.items, path);
  }

  #readMap(
    items: readonly { key: unknown; value: unknown }[],
    path: SettingPath,
  ): Record<string, unknown> {
    const merged: Record<string, unknown> = {};
    const own: Record<string, unknown> = {};
    for (const { key, value } of items) {
      if (isScalar(key) && typeof key.value === "symbol") {
        Object.assign(merged, this.#readMerge(value, path));
        continue;
      }
      const name = keyName(key);
      if (name === undefined || name === "__proto__") {
        this.#problem(key, "cannot be a key");
        continue;
      }
      if (Object.hasOwn(own, name)) {
        this.warnings.push({
          what: `${formatPath([name])} is written twice, the last one counts`,
          place: this.#placeOf(offsetOf(key)),
        });
      }
      // An empty value has no text of its own to point at.
      const empty = isScalar(value) && !value.source;
      this.#note(
        [...path, name],
        offsetOf(key),
        offsetOf(empty || !value ? key : value),
      );
      own[name] = this.read(value, [...path, name]);
    }
    return { ...merged, ...own };
  }

  /** `<<: *anchor` or a list of such; the first of a list wins. */
  #readMerge(value: unknown, path: SettingPath): Record<string, unknown> {
    // A mapping that is merged into itself nests without a longer path.
    if (++this.#mergeDepth > limits.depth) {
      this.#refuse(value, "too much nesting", `${limits.depth} levels`);
    }
    const given = this.read(value, path);
    this.#mergeDepth--;
    const maps = Array.isArray(given) ? given.toReversed() : [given];
    return Object.assign({}, ...maps);
  }

  offset(path: SettingPath, atKey: boolean): number {
    const exact = this.#offsets.get(JSON.stringify(path));
    if (exact) return atKey ? exact.key : exact.value;
    return path.length === 0 ? 0 : this.offset(path.slice(0, -1), true);
  }

  #refuse(node: unknown, what: string, most: string): never {
    throw new UserError({
      what: `${what} for a configuration`,
      place: this.#placeOf(offsetOf(node)),
      allowed: `at most ${most}`,
      cure: "Look for anchors (&name) that multiply or contain themselves.",
    });
  }

  #note(path: SettingPath, key: number, value: number): void {
    this.#offsets.set(JSON.stringify(path), { key, value });
  }

  #problem(node: unknown, what: string): void {
    this.problems.push({ what, place: this.#placeOf(offsetOf(node)) });
  }
}

/** A key as it is written: `017` is a name, not fifteen. */
function keyName(key: unknown): string | undefined {
  if (!isScalar(key)) return undefined;
  return typeof key.value === "string" ? key.value : key.source;
}

function offsetOf(node: unknown): number {
  const range = isScalar(node) || isMap(node) || isSeq(node) || isAlias(node)
    ? node.range
    : undefined;
  return range?.[0] ?? 0;
}
