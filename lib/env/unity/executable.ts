/** Finds the file to start for the path of a Unity build. */
import { basename, dirname, join } from "node:path";
import { nearestName, UserError } from "../../errors.ts";
import { mayRead } from "../../util/permissions.ts";
import { checkExecutableFormat } from "./executable_format.ts";

/** Endings of programs, those that are tried first in front. */
const endings = {
  linux: [".x86_64", ".x86"],
  darwin: [".app"],
  windows: [".exe"],
} as const;

type System = keyof typeof endings;

/** What may stand at the end of a path, whatever the system. */
const knownEndings = Object.values(endings).flat();

/**
 * The executable that `path` names; white space around it, a `/` at its end
 * and the ending of another system do not matter. That is the file itself, the
 * file with the system's ending, on macOS the program inside the `.app`
 * folder, and the only player in a folder. Throws a UserError that says what
 * is there instead, and for files that this machine cannot run.
 */
export function findExecutable(
  path: string,
  system: System = currentSystem(),
): string {
  const given = clean(path);
  const found = candidates(given, system).find(isFile) ??
    onlyPlayerIn(given, system);
  if (found === null) throw notFound(given);
  const mode = statOrNull(found)?.mode ?? null;
  if (system !== "windows" && mode !== null && !(mode & 0o111)) {
    throw notExecutable(found);
  }
  if (system === currentSystem()) checkExecutableFormat(found);
  return found;
}

/** Every path at or below which {@link findExecutable} looks. */
export function executablePlaces(
  path: string,
  system: System = currentSystem(),
): string[] {
  const given = clean(path);
  const stem = withoutEnding(given);
  return [
    ...new Set([given, ...endings[system].map((end) => stem + end), stem]),
  ];
}

/** The error for a file that may not be run. */
export function notExecutable(path: string): UserError {
  return new UserError({
    what: "The Unity player may not be executed",
    found: path,
    cure: `Make it executable: chmod +x "${path}"`,
  });
}

/** Without white space around it and slashes behind it. */
function clean(path: string): string {
  return path.trim().replace(/(?<=.)[/\\]+$/, "");
}

/** Without the ending of a program, of whichever system. */
function withoutEnding(path: string): string {
  const ending = knownEndings.find((end) => path.toLowerCase().endsWith(end));
  return ending === undefined || basename(path).length === ending.length
    ? path
    : path.slice(0, -ending.length);
}

/** Files that the path may stand for, in the order of preference. */
function candidates(given: string, system: System): string[] {
  const stem = withoutEnding(given);
  const own = endings[system];
  const known = own.map((end) => stem + end);
  const isExact = own.some((end) => given.toLowerCase().endsWith(end));
  const paths = isExact ? [given, ...known] : known;
  return system === "darwin"
    ? [...paths.flatMap(programsInApp), given]
    : [...paths, stem, given];
}

function programsInApp(app: string): string[] {
  const folder = join(app, "Contents", "MacOS");
  const programs = namesIn(folder).map((name) => join(folder, name));
  return [join(folder, basename(withoutEnding(app))), ...programs];
}

/** The player in a folder; null if there is no such folder. */
function onlyPlayerIn(given: string, system: System): string | null {
  const folder = [given, withoutEnding(given)]
    .find((path) => statOrNull(path)?.isDirectory);
  if (folder === undefined) return null;
  const players = playersIn(folder, system);
  if (players.length === 1) return players[0];
  throw new UserError(
    players.length === 0
      ? {
        what: "The Unity player is a folder, not an executable",
        found: folder,
        cure: "Name the executable that Unity's build has made.",
      }
      : {
        what: "The folder holds more than one Unity player",
        found: players.map((player) => basename(player)).join(", "),
        cure: `Name one of them: ${players.join(" or ")}`,
      },
  );
}

/**
 * The players in a folder: the files with the system's ending and, where it
 * needs none, those with their data folder beside them.
 */
function playersIn(folder: string, system: System): string[] {
  const names = namesIn(folder);
  const own = endings[system];
  const isPlayer = (name: string) =>
    own.some((end) => name.toLowerCase().endsWith(end)) ||
    names.includes(`${name}_Data`);
  return names
    .filter((name) => isPlayer(name) && !name.startsWith("UnityCrashHandler"))
    .map((name) => join(folder, name))
    .flatMap((path) =>
      (system === "darwin" ? programsInApp(path) : [path]).find(isFile) ?? []
    );
}

function notFound(given: string): UserError {
  const folder = dirname(given);
  const mayLook = mayRead(folder);
  const names = mayLook ? namesIn(folder) : [];
  const nearest = nearestName(basename(given), names);
  return new UserError({
    what: "There is no such Unity player",
    found: given,
    cure: nearest
      ? `Did you mean ${join(folder, nearest)}?`
      : !mayLook || statOrNull(folder)
      ? `Give the path of the executable that Unity's build has made.`
      : `There is no folder ${folder} either.`,
  });
}

function isFile(path: string): boolean {
  return statOrNull(path)?.isFile ?? false;
}

function statOrNull(path: string): Deno.FileInfo | null {
  try {
    return Deno.statSync(path);
  } catch (error) {
    if (
      error instanceof Deno.errors.NotFound ||
      error instanceof Deno.errors.NotADirectory
    ) return null;
    if (error instanceof Deno.errors.PermissionDenied) {
      throw new UserError({
        what: "This user may not look for the Unity player",
        found: path,
        cure: "Let the user read its folder.",
      }, { cause: error });
    }
    throw error;
  }
}

function namesIn(folder: string): string[] {
  return statOrNull(folder)?.isDirectory
    ? [...Deno.readDirSync(folder)].map((entry) => entry.name).sort()
    : [];
}

function currentSystem(): System {
  const { os } = Deno.build;
  return os === "darwin" || os === "windows" ? os : "linux";
}
