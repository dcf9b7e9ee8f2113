/** Names that become files and folders: run ids and behaviors. */
import type { Problem } from "../errors.ts";

const longest = 150;
// deno-lint-ignore no-control-regex
const controlCharacter = /[\x00-\x1f\x7f-\x9f]/;
const separator = /[/\\]/;
const forbiddenOnWindows = /[<>:"|?*]/;
const deviceOnWindows = /^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i;

/**
 * What makes a name unfit for a folder of its own within the results, on any
 * system (results travel), or null. `what` says what the name is for.
 */
export function checkPathName(name: string, what: string): Problem | null {
  const reason = unfitness(name);
  if (reason === undefined) return null;
  return {
    what: `${what} ${reason}`,
    found: JSON.stringify(name.length > 60 ? `${name.slice(0, 59)}…` : name),
    allowed: "a plain name that can be a folder of its own on any system",
  };
}

function unfitness(name: string): string | undefined {
  if (name === "") return "is empty";
  if (name === "." || name === "..") return "is no folder of its own";
  if (separator.test(name)) return "leads to another folder";
  if (controlCharacter.test(name)) return "contains control characters";
  if (forbiddenOnWindows.test(name)) return 'contains one of < > : " | ? *';
  if (deviceOnWindows.test(name)) return "is a device name on Windows";
  if (/^ |[ .]$/.test(name)) {
    return "begins with a blank, or ends with a blank or full stop";
  }
  if (new TextEncoder().encode(name).length > longest) {
    return `is longer than ${longest} bytes`;
  }
}
