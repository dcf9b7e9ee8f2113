/** Resolved settings as text that says where each value comes from. */
import { Document, isMap, isNode, isSeq } from "yaml";
import type { SettingPath } from "./plain_maps.ts";
import type { ResolvedSettings } from "./resolve_settings.ts";
import type { SettingOrigin } from "./setting_origins.ts";

/** Says what an override is: an option's name, or that it is code. */
export type OverrideName = (path: SettingPath) => string;

/** Begins the comments that are made here; no setting contains it. */
const mark = "\u{E000}";

/**
 * Settings as YAML in their full form, each value with its origin behind it:
 * the file and line, an option, code, the setting that it follows, or the
 * default. The text can be read again as a configuration.
 */
export function explainSettings(
  { settings, originOf }: ResolvedSettings,
  nameOverride: OverrideName,
): string {
  const document = new Document(settings, {
    version: "1.1",
    aliasDuplicateObjects: false,
  });
  const annotate = (node: unknown, path: SettingPath): void => {
    if (isMap(node) && node.items.length > 0) {
      for (const { key, value } of node.items) {
        annotate(value, [...path, String(key)]);
      }
    } else if (isSeq(node) && node.items.some(isMap)) {
      node.items.forEach((item, i) => annotate(item, [...path, i]));
    } else if (isNode(node)) {
      if (isSeq(node) || isMap(node)) node.flow = true;
      const origin = wordOrigin(originOf(path), () => nameOverride(path));
      node.comment = `${mark}${origin}`;
    }
  };
  annotate(document.contents, []);
  return alignComments(document.toString({ lineWidth: 0 }).trimEnd());
}

function wordOrigin(origin: SettingOrigin, nameOverride: () => string): string {
  switch (origin.kind) {
    case "default":
      return "default";
    case "follows":
      return `as ${origin.key}`;
    case "override":
      return nameOverride();
    case "written":
      return origin.place
        ? `${origin.place.file}:${origin.place.line}`
        : "code";
  }
}

/** Moves the comments to one column, a little beyond the longest usual line. */
function alignComments(text: string): string {
  const lines = text.split("\n").map((line) => line.split(` #${mark}`));
  const width = Math.min(
    60,
    Math.max(...lines.map(([setting]) => setting.length)),
  );
  return lines.map(([setting, origin]) =>
    origin === undefined ? setting : `${setting.padEnd(width)}  # ${origin}`
  ).join("\n");
}
