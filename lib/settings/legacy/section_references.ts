/** Names in place of sections: `Dog: Cat` trained Dog as Cat. */
import { nearestName } from "../../errors.ts";
import { plainText, quote } from "../../util/quote.ts";
import { describeValue } from "../findings.ts";
import { isPlainMap, type PlainMap } from "../plain_maps.ts";
import type { Origin } from "./configuration_file.ts";
import type { Draft } from "./draft.ts";

/** Looking for a near name takes its time in a file with thousands of them. */
const mostSuggestions = 10;

/** Finds the section that a name leads to, over any number of references. */
export class SectionReferences {
  readonly #ends = new Map<string, string | undefined>();

  constructor(
    private readonly sections: PlainMap,
    private readonly originOf: (name: string) => Origin,
    private readonly draft: Draft,
  ) {}

  /**
   * The name of the mapping behind a name; undefined, with the problem noted in
   * the draft, if there is none.
   */
  follow(name: string): string | undefined {
    const passed = new Set<string>();
    let at = name;
    while (!this.#ends.has(at)) {
      passed.add(at);
      const next = this.#next(at);
      if (next === at || next === undefined) {
        this.#ends.set(at, next);
      } else if (passed.has(next)) {
        this.#fail(
          at,
          "refers to itself",
          plainText([...passed, next].join(" -> "), 60),
        );
        this.#ends.set(at, undefined);
      } else at = next;
    }
    const end = this.#ends.get(at);
    for (const each of passed) this.#ends.set(each, end);
    return end;
  }

  /** The name itself for a mapping, or the name that stands in its place. */
  #next(at: string): string | undefined {
    if (!Object.hasOwn(this.sections, at)) return undefined;
    const value = this.sections[at];
    if (isPlainMap(value)) return at;
    if (typeof value !== "string") {
      this.#fail(at, "wrong kind of value", describeValue(value));
    } else if (Object.hasOwn(this.sections, value)) {
      return value;
    } else {
      const others = this.draft.problems.length > mostSuggestions
        ? []
        : Object.keys(this.sections).filter((name) => name !== at);
      const near = nearestName(value, others);
      const what = "there is no section of that name";
      this.#fail(at, what, quote(value, 60), near);
    }
  }

  #fail(at: string, what: string, found: string, near?: string): void {
    this.draft.fail(this.originOf(at), {
      what,
      found,
      allowed: "a mapping of trainer settings, or the name of a section",
      ...near === undefined ? {} : { cure: `Did you mean ${near}?` },
    });
  }
}
