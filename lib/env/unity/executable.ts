/** Finds the file to start for the path of a Unity build. */
import { basename, dirname, join } from "node:path";
import { nearestName, UserError } from "../../errors.ts";

/** Endings that may be left out, and the files that they stand for. */
const endings = {
  linux: [".x86_64", ".x86", ""],
  darwin: [".app"],
  windows: [".exe"],
} as const;

type System = keyof typeof endings;

/**
 * The executable that `path` (white space around it is ignored) names: the
 * file itself, the file with the system's ending, on macOS the program inside
 * the `.app` folder, on Windows the program in a folder. Throws a UserError
 * that says what is there instead.
 */
export function findExecutable(
  path: string,
  system: System = currentSystem(),
): string {
  const given = path.trim();
  for (const candidate of candidates(given, system)) {
    const info = statOrNull(candidate);
    if (!info?.isFile) continue;
    if (system !== "windows" && info.mode !== null && !(info.mode & 0o111)) {
      throw notExecutable(candidate);
    }
    return candidate;
  }
  throw notFound(given, system);
}

/** Every path at or below which {@link findExecutable} looks. */
export function executablePlaces(
  path: string,
  system: System = currentSystem(),
): string[] {
  const given = path.trim();
  return [...new Set([given, ...endings[system].map((end) => given + end)])];
}

/** The error for a file that may not be run. */
export function notExecutable(path: string): UserError {
  return new UserError({
    what: "The Unity player may not be executed",
    found: path,
    cure: `Make it executable: chmod +x "${path}"`,
  });
}

function candidates(given: string, system: System): string[] {
  const known = endings[system];
  const ending = known.find((end) => end !== "" && given.endsWith(end));
  const paths = ending ? [given] : known.map((end) => given + end);
  switch (system) {
    case "linux":
      return paths;
    case "darwin":
      return [...paths.flatMap(programsInApp), given];
    case "windows":
      return [...paths, ...programsInFolder(given, ".exe"), given];
  }
}

function programsInApp(app: string): string[] {
  const folder = join(app, "Contents", "MacOS");
  const name = basename(app, ".app");
  return [join(folder, name), ...programsInFolder(folder, "")];
}

function programsInFolder(folder: string, ending: string): string[] {
  return listOrEmpty(folder)
    .filter((name) => name.endsWith(ending) && !isCrashHandler(name))
    .map((name) => join(folder, name));
}

function isCrashHandler(name: string): boolean {
  return name.startsWith("UnityCrashHandler");
}

function notFound(given: string, system: System): UserError {
  const inside = endings[system].filter((end) => end !== "")
    .flatMap((end) => programsInFolder(given, end));
  if (statOrNull(given)?.isDirectory) {
    return new UserError({
      what: "The Unity player is a folder, not an executable",
      found: given,
      cure: inside.length > 0
        ? `Name the file itself: ${inside.join(" or ")}`
        : "Name the executable that Unity's build has made.",
    });
  }
  const folder = dirname(given);
  const nearest = nearestName(basename(given), listOrEmpty(folder));
  return new UserError({
    what: "There is no such Unity player",
    found: given,
    cure: nearest
      ? `Did you mean ${join(folder, nearest)}?`
      : statOrNull(folder)
      ? `Give the path of the executable that Unity's build has made.`
      : `There is no folder ${folder} either.`,
  });
}

function statOrNull(path: string): Deno.FileInfo | null {
  try {
    return Deno.statSync(path);
  } catch (error) {
    if (
      error instanceof Deno.errors.NotFound ||
      error instanceof Deno.errors.NotADirectory
    ) return null;
    throw error;
  }
}

function listOrEmpty(folder: string): string[] {
  return statOrNull(folder)?.isDirectory
    ? [...Deno.readDirSync(folder)].map((entry) => entry.name).sort()
    : [];
}

function currentSystem(): System {
  const { os } = Deno.build;
  return os === "darwin" || os === "windows" ? os : "linux";
}
