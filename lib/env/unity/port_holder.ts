/** Who listens on a port, where the system tells: on Linux, with all access. */
import { mayRead } from "../../util/permissions.ts";

/** The state "listens" in the system's tables. */
const LISTENING = "0A";
/** Characters of a command line that are quoted. */
const QUOTED_CHARACTERS = 60;

/**
 * The command line and process id of a program that listens on a port of this
 * machine; null where that cannot be found out.
 */
export function portHolder(port: number): string | null {
  const sockets = new Set(
    ["tcp", "tcp6"].flatMap((table) => listeningSockets(table, port)),
  );
  if (sockets.size === 0) return null;
  for (const pid of namesIn("/proc").filter((name) => /^\d+$/.test(name))) {
    const folder = `/proc/${pid}/fd`;
    const holds = namesIn(folder)
      .some((name) => sockets.has(readLink(`${folder}/${name}`)));
    if (holds) return `${commandLine(pid)} (process ${pid})`;
  }
  return null;
}

/** As the links in a process's folder name them: `socket:[inode]`. */
function listeningSockets(table: string, port: number): string[] {
  return readText(`/proc/net/${table}`).split("\n").slice(1)
    .map((line) => line.trim().split(/\s+/))
    .filter(([, address = "", , state]) =>
      state === LISTENING && parseInt(address.split(":")[1], 16) === port
    )
    .map((columns) => `socket:[${columns[9]}]`);
}

function commandLine(pid: string): string {
  const words = readText(`/proc/${pid}/cmdline`).split("\0").join(" ").trim();
  const name = words || readText(`/proc/${pid}/comm`).trim();
  return name.length > QUOTED_CHARACTERS
    ? `${name.slice(0, QUOTED_CHARACTERS)}...`
    : name;
}

function readText(path: string): string {
  return attempt(path, () => Deno.readTextFileSync(path)) ?? "";
}

function readLink(path: string): string {
  return attempt(path, () => Deno.readLinkSync(path)) ?? "";
}

function namesIn(folder: string): string[] {
  return attempt(
    folder,
    () => [...Deno.readDirSync(folder)].map(({ name }) => name),
  ) ?? [];
}

/** Null if Deno, or the system, does not allow it; nobody is asked. */
function attempt<T>(path: string, read: () => T): T | null {
  if (Deno.build.os !== "linux" || !mayRead(path)) return null;
  try {
    return read();
  } catch {
    return null;
  }
}
