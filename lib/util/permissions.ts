/** Deno's permissions: which a program needs, and which it lacks. */
import { type Problem, UserError } from "../errors.ts";

type PermissionName = Deno.PermissionDescriptor["name"];

/** A permission, and what it is for. */
export interface NeededPermission {
  readonly descriptor: Deno.PermissionDescriptor;
  readonly reason: string;
}

/** Everything that is needed under one name, such as `read`. */
export interface PermissionGroup {
  readonly name: PermissionName;
  /** As it stands on the command line: `--allow-read=a.yaml,lib`. */
  readonly flag: string;
  /** What the flag names, by the reason for it. */
  readonly parts: readonly {
    readonly values: readonly string[];
    readonly reason: string;
  }[];
}

/** What each name is for, before a list of what is needed. */
const purposes: Readonly<Record<PermissionName, string>> = {
  read: "read",
  write: "write",
  net: "connect at",
  run: "start",
  env: "see the environment's",
  sys: "see the system's",
  ffi: "load native code of",
  import: "import from",
};

/** Permissions by name, in the order in which the names first come up. */
export function groupPermissions(
  needed: readonly NeededPermission[],
): PermissionGroup[] {
  const names = new Set(needed.map(({ descriptor }) => descriptor.name));
  return [...names].map((name) => {
    const same = needed.filter(({ descriptor }) => descriptor.name === name);
    const values = same.map(({ descriptor }) => valueOf(descriptor));
    const byReason = Map.groupBy(same, ({ reason }) => reason);
    return {
      name,
      flag: flagOf(name, values),
      parts: [...byReason].map(([reason, each]) => ({
        reason,
        values: each.map(({ descriptor }) => valueOf(descriptor) ?? "anything"),
      })),
    };
  });
}

/**
 * Checks that everything is granted; the user is not asked for what is not.
 *
 * @throws {UserError} with the flags to start Deno with, all that are missing.
 */
export async function requirePermissions(
  needed: readonly NeededPermission[],
): Promise<void> {
  const missing: NeededPermission[] = [];
  for (const each of needed) {
    const { state } = await Deno.permissions.query(each.descriptor);
    if (state !== "granted") missing.push(each);
  }
  if (missing.length === 0) return;
  const groups = groupPermissions(needed);
  throw new UserError(
    groupPermissions(missing).map(({ name, parts }): Problem => ({
      what: `Deno was not given the permission to ${purposes[name]} ` +
        parts.map(({ values, reason }) => `${values.join(", ")} (${reason})`)
          .join(", "),
      cure: `Start it with ${groups.find((each) => each.name === name)?.flag}`,
    })),
  );
}

/** Whether a path may be read without anybody being asked. */
export function mayRead(path: string): boolean {
  return Deno.permissions.querySync({ name: "read", path }).state === "granted";
}

/** What a descriptor is limited to, or null. */
function valueOf(descriptor: Deno.PermissionDescriptor): string | null {
  switch (descriptor.name) {
    case "read":
    case "write":
    case "ffi":
      return descriptor.path?.toString() ?? null;
    case "net":
    case "import":
      return descriptor.host ?? null;
    case "run":
      return descriptor.command?.toString() ?? null;
    case "env":
      return descriptor.variable ?? null;
    case "sys":
      return descriptor.kind ?? null;
  }
}

function flagOf(name: string, values: readonly (string | null)[]): string {
  const limits = new Set(values.map((value) => value?.replaceAll(",", ",,")));
  return limits.has(undefined)
    ? `--allow-${name}`
    : `--allow-${name}=${[...limits].join(",")}`;
}
