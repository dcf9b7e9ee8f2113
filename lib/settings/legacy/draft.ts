/** A configuration in today's form while an upgrade writes it. */
import { type Problem, type SourcePlace, UserError } from "../../errors.ts";
import { isPlainMap, type SettingPath, valueAt } from "../plain_maps.ts";
import { limits } from "../yaml_tree.ts";
import {
  type Given,
  type Origin,
  placeOf,
  problemAt,
  within,
} from "./configuration_file.ts";

/** What became of an old setting that has no place in today's form. */
export interface Fate {
  readonly origin: Origin;
  readonly kind: "dropped" | "lost" | "noted";
  readonly why: string;
}

/** A value that no old file holds. */
export interface Addition {
  readonly path: SettingPath;
  readonly why: string;
}

/** Where a setting and those beneath it came from. */
interface Trace {
  origins: readonly Origin[];
  remark?: string | undefined;
  readonly parts: Map<string | number, Trace>;
}

/** Values in their new places, each of which knows its old one. */
export class Draft {
  readonly value: Record<string, unknown> = {};
  readonly fates: Fate[] = [];
  readonly additions: Addition[] = [];
  readonly problems: Problem[] = [];
  readonly #trace: Trace = newTrace();
  #budget: number = limits.values;

  /** `root` is the old file, for what has no better place. */
  constructor(private readonly root: Origin) {}

  /**
   * Writes a value that stood at `origins`.
   *
   * @throws {UserError} if something above it is no mapping.
   */
  set(
    path: readonly string[],
    value: unknown,
    origins: readonly Origin[],
    remark?: string,
  ): void {
    const key = path.at(-1);
    const parent = this.#mapAt(path.slice(0, -1));
    if (key === undefined) Object.assign(parent, value);
    else parent[key] = value;
    this.trace(path, origins, remark);
  }

  /** Writes a value that no old file holds. */
  add(path: readonly string[], value: unknown, why: string): void {
    this.set(path, value, []);
    this.additions.push({ path, why });
  }

  /**
   * Notes the origins of what is written at a path.
   *
   * @throws {UserError} for far more values than a configuration has.
   */
  trace(path: SettingPath, origins: readonly Origin[], remark?: string): void {
    if (--this.#budget < 0) {
      throw new UserError({
        what: "too much for a configuration",
        place: placeOf(origins[0] ?? this.root, true),
        allowed: `at most ${limits.values} values`,
      });
    }
    const trace = path.reduce((above, key) => {
      const known = above.parts.get(key);
      if (known) return known;
      const part = newTrace();
      above.parts.set(key, part);
      return part;
    }, this.#trace);
    trace.origins = origins;
    trace.remark = remark;
  }

  /** Takes back what is written at a path. */
  remove(path: readonly string[]): void {
    const key = path.at(-1);
    if (key === undefined) return;
    const parent = valueAt(this.value, path.slice(0, -1));
    if (isPlainMap(parent)) Reflect.deleteProperty(parent, key);
    this.#traceAt(path.slice(0, -1))?.parts.delete(key);
  }

  /** Old settings without effect, without a successor, or worth a look. */
  report(kind: Fate["kind"], origin: Origin, why: string): void {
    this.fates.push({ kind, origin, why });
  }

  /** A mistake in an old file. */
  fail(origin: Origin, problem: Omit<Problem, "place" | "path">): void {
    this.problems.push(problemAt(origin, problem));
  }

  /** The entries of an old mapping; a problem if it is none. */
  entries({ value, origin }: Given): [string, Given][] {
    if (isPlainMap(value)) {
      return Object.entries(value).map(([key, inner]) => [
        key,
        { value: inner, origin: within(origin, key) },
      ]);
    }
    this.fail(origin, { what: "wrong kind of value", allowed: "a mapping" });
    return [];
  }

  /** Whether something is written at a path. */
  has(path: SettingPath): boolean {
    return valueAt(this.value, path) !== undefined;
  }

  /** Where what is written at a path stood, as a part of its map if need be. */
  originsOf(path: SettingPath): readonly Origin[] {
    let trace: Trace | undefined = this.#trace;
    let found: { origins: readonly Origin[]; depth: number } = {
      origins: trace.origins,
      depth: 0,
    };
    for (const [i, key] of path.entries()) {
      trace = trace?.parts.get(key);
      if (!trace) break;
      if (trace.origins.length > 0) {
        found = { origins: trace.origins, depth: i + 1 };
      }
    }
    const rest = path.slice(found.depth);
    return found.origins.map((origin) => within(origin, ...rest));
  }

  /** All noted origins with their new places and remarks, in their order. */
  *origins(): Iterable<
    { path: SettingPath; origin: Origin; remark?: string | undefined }
  > {
    yield* listOrigins(this.#trace, []);
  }

  /** The old place of a new setting, or of the nearest one around it. */
  place(path: SettingPath, atKey: boolean): SourcePlace {
    const [origin] = this.originsOf(path);
    return placeOf(origin ?? this.root, atKey);
  }

  #traceAt(path: SettingPath): Trace | undefined {
    return path.reduce<Trace | undefined>(
      (trace, key) => trace?.parts.get(key),
      this.#trace,
    );
  }

  #mapAt(path: readonly string[]): Record<string, unknown> {
    let map = this.value;
    for (const [i, key] of path.entries()) {
      const inner = Object.hasOwn(map, key) ? map[key] : map[key] = {};
      if (!isMutableMap(inner)) {
        throw new UserError({
          what: "wrong kind of value",
          place: this.place(path.slice(0, i + 1), false),
          allowed: "a mapping",
        });
      }
      map = inner;
    }
    return map;
  }
}

function newTrace(): Trace {
  return { origins: [], parts: new Map() };
}

function* listOrigins(
  { origins, remark, parts }: Trace,
  path: SettingPath,
): Generator<
  { path: SettingPath; origin: Origin; remark?: string | undefined }
> {
  for (const origin of origins) yield { path, origin, remark };
  for (const [key, part] of parts) yield* listOrigins(part, [...path, key]);
}

function isMutableMap(value: unknown): value is Record<string, unknown> {
  return isPlainMap(value);
}
