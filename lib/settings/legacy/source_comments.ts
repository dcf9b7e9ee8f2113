/** The comments of a YAML text, by the lines they belong to. */
import { CST, Lexer } from "yaml";

/** Comments of one key or item, without the `#` of each line. */
export interface LineComments {
  /** On the lines before, blank ones as they are. */
  readonly above?: string;
  /** On the line itself. */
  readonly beside?: string;
  /** Whether a blank line is among those before. */
  readonly spaced: boolean;
}

/** Finds comments and hands out each of them once. */
export class SourceComments {
  /** Comment lines by line number, from 1; an empty text is a blank line. */
  readonly #whole = new Map<number, string>();
  readonly #beside = new Map<number, string>();
  readonly #firstLine: number;
  readonly #lastLine: number;
  readonly #used = new Set<number>();

  constructor(text: string) {
    const offsets = commentOffsets(text);
    const content: number[] = [];
    let offset = 0;
    for (const [i, written] of text.split("\n").entries()) {
      const begin = offset + written.search(/\S|$/);
      const end = offset + written.length;
      offset = end + 1;
      const isComment = offsets.at(0) !== undefined && offsets[0] <= end;
      const at = isComment ? offsets.shift() ?? end : end;
      const comment = text.slice(at + 1, end).trimEnd();
      if (begin === end) this.#whole.set(i + 1, "");
      else if (at === begin) this.#whole.set(i + 1, comment);
      else content.push(i + 1);
      if (at > begin && isComment) this.#beside.set(i + 1, comment);
    }
    this.#firstLine = content.at(0) ?? 1;
    this.#lastLine = content.at(-1) ?? 1;
  }

  /**
   * What stands before the first line of content, up to a blank line: what
   * follows that belongs to the first key.
   */
  head(): string | undefined {
    const lines = this.#linesAbove(this.#firstLine);
    const end = lines.lastIndexOf("");
    const first = this.#firstLine - lines.length;
    for (let i = 0; i <= end; i++) this.#whole.delete(first + i);
    return joined(lines.slice(0, Math.max(end, 0)));
  }

  /** What stands before the first line of content and was not taken yet. */
  beginning(): string | undefined {
    return this.#takeAbove(this.#firstLine).above;
  }

  /** What stands after the last line of content. */
  foot(): string | undefined {
    const lines: string[] = [];
    for (const [line, comment] of this.#whole) {
      if (line > this.#lastLine) lines.push(comment);
    }
    return joined(lines);
  }

  /** The comments of what begins on a line, unless they were taken before. */
  take(line: number): LineComments {
    if (this.#used.has(line)) return { spaced: false };
    this.#used.add(line);
    const beside = this.#beside.get(line);
    return {
      ...this.#takeAbove(line),
      ...beside === undefined ? {} : { beside },
    };
  }

  #takeAbove(line: number): LineComments {
    const lines = this.#linesAbove(line);
    for (let i = 1; i <= lines.length; i++) this.#whole.delete(line - i);
    const above = joined(lines);
    return {
      spaced: lines.includes(""),
      ...above === undefined ? {} : { above },
    };
  }

  #linesAbove(line: number): string[] {
    const lines: string[] = [];
    for (let at = line - 1; this.#whole.has(at); at--) {
      lines.push(this.#whole.get(at) ?? "");
    }
    return lines.reverse();
  }
}

/** Lines without blank ones at either end; undefined if nothing is left. */
function joined(lines: readonly string[]): string | undefined {
  const first = lines.findIndex((line) => line !== "");
  if (first < 0) return undefined;
  return lines.slice(first, lines.findLastIndex((line) => line !== "") + 1)
    .join("\n");
}

/** Where each comment begins. */
function commentOffsets(text: string): number[] {
  const offsets: number[] = [];
  let offset = 0;
  let before = "";
  for (const lexeme of new Lexer().lex(text)) {
    // A scalar of the text may begin with # as well.
    const isScalar = before === CST.SCALAR;
    before = lexeme;
    if (marks.has(lexeme)) continue;
    if (lexeme.startsWith("#") && !isScalar) offsets.push(offset);
    offset += lexeme.length;
  }
  return offsets;
}

/** What the lexer adds to the text. */
const marks = new Set<string>([CST.DOCUMENT, CST.FLOW_END, CST.SCALAR]);
