/** One numbered item of the checklist for stand-in players: protocol, 9. */
export interface Item {
  readonly number: number;
  readonly name: string;
  /** Tries it with a player of a package version. */
  readonly test: (packageVersion: string) => Promise<void>;
}

/** True for packages that speak the first version of the protocol. */
export function isOld(packageVersion: string): boolean {
  return packageVersion === "1.0.8";
}

/** True for packages whose images announce their channels last. */
export function putsChannelsLast(packageVersion: string): boolean {
  return Number(packageVersion[0]) < 3;
}
