import { formatCount } from "../../ui/format.ts";
import type { NamedArrays } from "../../util/arrays.ts";

/** Number of values in all arrays together. */
export function countValues(arrays: NamedArrays): number {
  return Object.values(arrays).reduce((sum, { data }) => sum + data.length, 0);
}

/** A row for each layer: its name, the sizes of its weights, their number. */
export function networkRows(weights: NamedArrays): string[][] {
  const layers = Map.groupBy(
    Object.entries(weights),
    ([name]) => name.slice(0, name.lastIndexOf(".")),
  );
  return [...layers].sort(byPlace).map(([layer, arrays]) => [
    layer,
    arrays.map(([, { shape }]) => shape.join(" x ")).toSorted(byLength)
      .join(", "),
    formatCount(countValues(Object.fromEntries(arrays))),
  ]);
}

/** Parts of a network from observations to results. */
const parts = ["encoder", "body", "lstm", "continuous", "discrete", "value"];

/** Network by network, each from its observations on. */
function byPlace([a]: [string, unknown], [b]: [string, unknown]): number {
  const [one, other] = [a, b].map((layer) => {
    const words = layer.split(".");
    const at = words.findIndex((word) => parts.includes(word));
    const network = words.slice(0, Math.max(0, at)).join(".");
    return { network, part: parts.indexOf(words[at]), layer };
  });
  return one.network.localeCompare(other.network) || one.part - other.part ||
    one.layer.localeCompare(other.layer, "en", { numeric: true });
}

/** Matrices before vectors. */
const byLength = (a: string, b: string) =>
  b.split(" x ").length - a.split(" x ").length;

export const networkHeading = ["layer", "weights", "values"] as const;
