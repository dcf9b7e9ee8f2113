/** What players of each version of Unity's package know and how they say it. */
import { nearestName, UserError } from "../../errors.ts";
import { allCapabilities } from "../unity/messages/envelope.ts";
import type { ImageOrder } from "../unity/images/image_order.ts";
import type { PlayerVersions } from "../unity/messages/player_message.ts";
import type { Capability } from "../unity/messages/tags.ts";

/** A version of package com.unity.ml-agents. */
export interface PackagePreset {
  readonly versions: PlayerVersions;
  readonly capabilities: readonly Capability[];
  /** The order of the sizes that an image announces. */
  readonly imageShape: ImageOrder;
  /** The order of an image's values where it is no PNG. */
  readonly imageValues: ImageOrder;
  /** Sensors have names, types and properties of dimensions. */
  readonly describesSensors: boolean;
  /** A frame of a stack that is not filled yet is one PNG, however many. */
  readonly hasShortFirstStacks: boolean;
  /** Makes the copies of the training area that the trainer wants. */
  readonly copiesAreas: boolean;
  /** Refuses trainers of library versions above 0.25.999. */
  readonly refusesNewTrainers: boolean;
}

const version3: PackagePreset = {
  versions: { communication: "1.5.0", package: "3.0.0" },
  capabilities: allCapabilities,
  imageShape: "CHW",
  imageValues: "HWC",
  describesSensors: true,
  hasShortFirstStacks: true,
  copiesAreas: true,
  refusesNewTrainers: false,
};

const presets: readonly PackagePreset[] = [
  {
    ...version3,
    versions: { communication: "1.0.0", package: "1.0.8" },
    capabilities: ["base"],
    imageShape: "HWC",
    describesSensors: false,
    copiesAreas: false,
    refusesNewTrainers: true,
  },
  {
    ...version3,
    versions: { communication: "1.5.0", package: "2.0.0" },
    imageShape: "HWC",
    copiesAreas: false,
  },
  version3,
  { ...version3, versions: { communication: "1.5.0", package: "4.0.0" } },
  {
    ...version3,
    versions: { communication: "1.5.0", package: "4.1.0" },
    imageValues: "CHW",
    hasShortFirstStacks: false,
  },
];

/** The package versions that there are presets for. */
export const packageVersions: readonly string[] = presets.map(
  ({ versions }) => versions.package,
);

/** The package that a player has unless told otherwise. */
export const defaultPackage = "3.0.0";

/** The preset of a package version; throws a UserError if there is none. */
export function packagePreset(version: string): PackagePreset {
  const found = presets.find(({ versions }) => versions.package === version);
  if (found) return found;
  const nearest = nearestName(version, packageVersions);
  throw new UserError({
    what: "There is no preset for this version of Unity's package",
    path: "--package",
    found: `"${version}"`,
    allowed: packageVersions.join(", "),
    cure: nearest && `Did you mean ${nearest}?`,
  });
}
