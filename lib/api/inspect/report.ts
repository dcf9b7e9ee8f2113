/** What a file holds, as a text for people. */
import { plainText } from "../../util/quote.ts";

/** A word for what is meant, and what was found; a blank word goes on. */
export type Fact = readonly [label: string, value: string];

export interface Report {
  /** What the file is, in a few words. */
  readonly title: string;
  readonly facts: readonly Fact[];
  /** Rows of equal length, a heading first; none = no table. */
  readonly table: readonly (readonly string[])[];
}

/** The report in columns. */
export function reportText({ title, facts, table }: Report): string {
  const blocks = [[plainText(title)], columns(facts), columns(table)];
  return blocks.filter((lines) => lines.length > 0)
    .map((lines) => lines.join("\n")).join("\n\n");
}

/** Rows with every column as wide as its longest cell. */
function columns(rows: readonly (readonly string[])[]): string[] {
  const [first = []] = rows;
  const widths = first.map((_, column) =>
    Math.max(...rows.map((row) => row[column].length))
  );
  return rows.map((row) =>
    row.map((cell, column) => plainText(cell).padEnd(widths[column]))
      .join("  ").trimEnd()
  );
}

/** A list as facts: the label stands at the first. */
export function listFacts(label: string, values: readonly string[]): Fact[] {
  return values.map((value, i) => [i === 0 ? label : "", value]);
}

/** `[8]`, `[3, 84, 84]`. */
export const shapeText = (shape: readonly number[]): string =>
  `[${shape.join(", ")}]`;

/** `2 continuous and discrete of 3 x 2 choices`; `total` where that is known. */
export function actionText(
  continuousSize: number,
  branches: readonly number[] | null,
  total = 0,
): string {
  return [
    ...continuousSize > 0 ? [`${continuousSize} continuous`] : [],
    ...branches?.length ? [`discrete of ${branches.join(" x ")} choices`] : [],
    ...branches === null && total > 0
      ? [`discrete of ${total} choices in all`]
      : [],
  ].join(" and ");
}
