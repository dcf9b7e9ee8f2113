/** Reads YAML as the reference does (YAML 1.1), and remembers where it stood. */
import { LineCounter, parseDocument, type Tags, type YAMLError } from "yaml";
import { type Problem, type SourcePlace, UserError } from "../errors.ts";
import { plainText } from "../util/quote.ts";
import type { SettingPath } from "./plain_maps.ts";
import { limits, YamlTree } from "./yaml_tree.ts";

/** Plain data with the places of its parts. */
export interface YamlSource {
  /** Maps, lists, texts, numbers, booleans, null; undefined = no content. */
  readonly value: unknown;
  readonly warnings: readonly Problem[];
  /** The place of a key or its value, or of the nearest one around it. */
  place(path: SettingPath, atKey: boolean): SourcePlace;
}

/** @throws {UserError} for what is no YAML, with all syntax errors. */
export function readYaml(text: string, file: string): YamlSource {
  const lineCounter = new LineCounter();
  const placeOf = (offset: number): SourcePlace => {
    const { line, col } = lineCounter.linePos(offset);
    const start = lineCounter.lineStarts[line - 1] ?? 0;
    return { file, line, column: col, ...quoteLine(text, start) };
  };
  const document = parse(text, file, lineCounter);
  if (document.errors.length > 0) {
    const errors = onePerLine(document.errors, lineCounter);
    throw new UserError(errors.map((error) => ({
      what: describeSyntaxError(error.code, error.message),
      place: placeOf(error.pos[0]),
    })));
  }
  const tree = new YamlTree(placeOf);
  const value = document.contents === null
    ? undefined
    : tree.read(document.contents, []);
  if (tree.problems.length > 0) throw new UserError(tree.problems);
  return {
    value,
    warnings: [
      ...tree.warnings,
      ...document.warnings.map((warning) => ({
        what: plainText(warning.message, 160),
        place: placeOf(warning.pos[0]),
      })),
    ],
    place: (path, atKey) => placeOf(tree.offset(path, atKey)),
  };
}

function parse(text: string, file: string, lineCounter: LineCounter) {
  try {
    return parseDocument(text, {
      version: "1.1",
      schema: "yaml-1.1",
      customTags: asReference,
      uniqueKeys: false,
      prettyErrors: false,
      lineCounter,
    });
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause;
    // The parser recurses, so absurdly deep nesting ends in a RangeError.
    throw new UserError({
      what: "cannot be read as YAML",
      place: { file },
      allowed: `at most ${limits.depth} levels of nesting`,
    }, { cause });
  }
}

/** Leaves `y`, `n` and dates texts, as the reference's reader has the former. */
function asReference(tags: Tags): Tags {
  return tags.flatMap((tag) => {
    if (typeof tag === "string" || tag.collection) return tag;
    if (tag.tag.endsWith(":timestamp")) return [];
    if (!tag.tag.endsWith(":bool") || !tag.test) return tag;
    return { ...tag, test: longerThanOne(tag.test) };
  });
}

function longerThanOne(test: RegExp): RegExp {
  return new RegExp(`^(?!.$)(?:${test.source})`);
}

/** The line from `start`, fit for a caret below it; none if it is too long. */
function quoteLine(text: string, start: number): { text?: string } {
  const end = text.indexOf("\n", start);
  const line = text.slice(start, end < 0 ? undefined : end).trimEnd();
  return line.length > 160 ? {} : { text: plainText(line) };
}

function describeSyntaxError(code: string, message: string): string {
  switch (code) {
    case "TAB_AS_INDENT":
      return "a tab where YAML wants blanks";
    case "RESOURCE_EXHAUSTION":
      return "too much nesting for a configuration";
    case "MULTIPLE_DOCS":
      return "a second document begins here, a configuration has one";
    default:
      return `no valid YAML: ${plainText(message, 160)}`;
  }
}

/** The first error of each line; the rest mostly follows from it. */
function onePerLine(
  errors: readonly YAMLError[],
  lineCounter: LineCounter,
): YAMLError[] {
  const byLine = new Map<number, YAMLError>();
  for (const error of errors) {
    const { line } = lineCounter.linePos(error.pos[0]);
    if (!byLine.has(line)) byLine.set(line, error);
  }
  return [...byLine.values()];
}
