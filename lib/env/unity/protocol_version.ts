/** Versions of Unity's protocol: which players we can talk to. */
import { UserError } from "../../errors.ts";
import type { PlayerVersions } from "./messages/player_message.ts";

/** The protocol version that this trainer speaks. */
export const COMMUNICATION_VERSION = "1.5.0";

/**
 * The version of Unity's trainer library that ours stands in for: players
 * that look at it must find a number that they know.
 */
const LIBRARY_VERSION = "1.1.0";

/**
 * The newest library that late patches of package 1.0 accept without a warning;
 * from 0.26 on they refuse to be trained.
 */
const LIBRARY_VERSION_FOR_1 = "0.20.0";

/**
 * The library version to tell a player of this package version. All players
 * before package 2 are told one of their time: of some it is not known whether
 * they look.
 */
export function libraryVersionFor(packageVersion: string): string {
  return packageVersion.startsWith("1.")
    ? LIBRARY_VERSION_FOR_1
    : LIBRARY_VERSION;
}

/**
 * Says why a player of these versions cannot be used, or null if it can: major
 * numbers must be equal, below 1.0 the minor numbers too.
 */
export function versionProblem(
  versions: PlayerVersions,
  ours: string = COMMUNICATION_VERSION,
): UserError | null {
  const theirs = parseVersion(versions.communication);
  const [major, minor] = parseVersion(ours) ?? [];
  if (
    theirs && theirs[0] === major && (major !== 0 || theirs[1] === minor)
  ) return null;
  return new UserError({
    what: "The Unity player speaks another version of the protocol",
    found: `communication version ${versions.communication || "(none)"} of ` +
      `package com.unity.ml-agents ${versions.package || "(unknown)"}`,
    allowed: `versions that agree with ${ours}`,
    cure: "Build the player with package com.unity.ml-agents 1.0 to 4.0.",
  });
}

function parseVersion(text: string): number[] | null {
  const match = /^(\d+)\.(\d+)(\.\d+)?$/.exec(text);
  return match && [Number(match[1]), Number(match[2])];
}
