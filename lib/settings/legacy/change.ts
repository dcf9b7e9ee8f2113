/** What an upgrade did to the settings of an old file, one by one. */
import type { SourcePlace } from "../../errors.ts";
import { plainText } from "../../util/quote.ts";
import { describeValue } from "../findings.ts";
import { formatPath, type SettingPath } from "../plain_maps.ts";

/** One thing that an upgrade did. */
export interface Change {
  /**
   * - `moved`: stands elsewhere or under another name, or is written anew;
   * - `added`: a default of then, written out because today's differs;
   * - `dropped`: had no effect, or has nothing to say any more;
   * - `lost`: had an effect that nothing today has;
   * - `noted`: to be looked at.
   */
  readonly kind: "moved" | "added" | "dropped" | "lost" | "noted";
  /** Where it stood; for what is added, what it was added to. */
  readonly place: SourcePlace;
  /** The old setting. */
  readonly from?: SettingPath;
  /** The places in today's form, the first one before others like it. */
  readonly to: readonly SettingPath[];
  /** The value, where it is not what was written. */
  readonly value?: unknown;
  /** Reason, or what to look at. */
  readonly why?: string;
}

/** Words a change in one line: place, old, new, reason. */
export function describeChange(change: Change): string {
  const { kind, place, from, to, value, why } = change;
  const at = [place.file, place.line].filter((part) => part !== undefined);
  const old = from && from.length > 0 ? formatPath(from) : "the file";
  const target = describeTargets(to) +
    (value === undefined ? "" : `: ${wordOf(value)}`);
  const what = {
    moved: `${old} -> ${target}`,
    added: `added ${target}`,
    dropped: `${old} dropped`,
    lost: `${old} could not be carried over`,
    noted: old,
  }[kind];
  const reason = why === undefined
    ? ""
    : kind === "moved" || kind === "added"
    ? ` (${why})`
    : `: ${why}`;
  return `${at.join(":")}: ${what}${reason}`;
}

function describeTargets(to: readonly SettingPath[]): string {
  const [first, ...others] = to;
  if (first === undefined) return "";
  return formatPath(first) +
    (others.length > 0 ? ` and ${others.length} more like it` : "");
}

/** A value as it stands in a file. */
function wordOf(value: unknown): string {
  return typeof value === "string"
    ? plainText(value, 60)
    : describeValue(value);
}
