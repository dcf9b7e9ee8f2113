/** Small shell scripts that stand for players. */
import { join } from "node:path";

/** Runs `body` with an executable script and removes it afterwards. */
export async function withScript(
  text: string,
  body: (path: string, folder: string) => Promise<void>,
): Promise<void> {
  const folder = Deno.makeTempDirSync();
  const path = join(folder, "player.x86_64");
  Deno.writeTextFileSync(path, `#!/bin/sh\n${text}\n`, { mode: 0o755 });
  try {
    await body(path, folder);
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
}

/** True while a process of this id is there. */
export function isRunning(pid: number): boolean {
  try {
    // A process that has ended but was not waited for counts as gone.
    const state = Deno.readTextFileSync(`/proc/${pid}/stat`);
    return !/\) Z /.test(state);
  } catch {
    return false;
  }
}

/** Ids of the processes that have a text among their arguments. */
export function processesNaming(text: string): number[] {
  const found: number[] = [];
  for (const { name } of Deno.readDirSync("/proc")) {
    if (!/^\d+$/.test(name) || Number(name) === Deno.pid) continue;
    try {
      const path = `/proc/${name}/cmdline`;
      if (Deno.readTextFileSync(path).includes(text)) found.push(Number(name));
    } catch {
      // It has ended meanwhile.
    }
  }
  return found;
}

/** Ids of the processes of a group, those that have ended left out. */
export function processesInGroup(group: number): number[] {
  const found: number[] = [];
  for (const { name } of Deno.readDirSync("/proc")) {
    if (!/^\d+$/.test(name)) continue;
    try {
      const stat = Deno.readTextFileSync(`/proc/${name}/stat`);
      const [state, , id] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
      if (Number(id) === group && state !== "Z") found.push(Number(name));
    } catch {
      // It has ended meanwhile.
    }
  }
  return found;
}
