/**
 * Words settings for TensorBoard's text page: one line per key, a tab and two
 * spaces per depth before it, nested maps on the lines after their key, values
 * in the spelling that the page has always shown (True, False, None).
 */
export function hyperparameterText(
  settings: Readonly<Record<string, unknown>>,
  depth = 0,
): string {
  return Object.entries(settings).map(([key, value]) => {
    const text = isRecord(value)
      ? `\n${hyperparameterText(value, depth + 1)}`
      : valueText(value);
    return `\t${"  ".repeat(depth)}${key}:\t${text}`;
  }).join("\n");
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function valueText(value: unknown): string {
  if (value === null || value === undefined) return "None";
  if (typeof value === "boolean") return value ? "True" : "False";
  if (Array.isArray(value)) return `[${value.map(valueText).join(", ")}]`;
  return String(value);
}
