/** Processes and all that they have started (Linux; elsewhere unknown). */

/** Units of processor time in /proc per second. */
const TICKS = 100;

/** The ids of a process and its descendants; none where they are unknown. */
export function processTree(root: number): number[] {
  const parents = new Map(
    processIds().map((id) => [id, Number(readStatus(id, "PPid"))]),
  );
  return [...parents.keys()].filter((id) => {
    let ancestor: number | undefined = id;
    while (ancestor && ancestor !== root) ancestor = parents.get(ancestor);
    return ancestor === root;
  });
}

/** Largest memory that a process has had in use, in MiB; 0 once it is gone. */
export function peakMemory(id: number): number {
  return (parseInt(readStatus(id, "VmHWM")) || 0) / 1024;
}

/** Seconds of processor time that processes have taken together. */
export function processorSeconds(ids: readonly number[]): number {
  let ticks = 0;
  for (const id of ids) {
    // The program's name, in brackets, may hold anything.
    const fields = readProcessFile(id, "stat").split(") ").at(-1)?.split(" ");
    ticks += Number(fields?.[11] ?? 0) + Number(fields?.[12] ?? 0);
  }
  return ticks / TICKS;
}

function processIds(): number[] {
  if (Deno.build.os !== "linux") return [];
  return [...Deno.readDirSync("/proc")]
    .map(({ name }) => Number(name))
    .filter(Number.isInteger);
}

function readStatus(id: number, key: string): string {
  const lines = readProcessFile(id, "status").split("\n");
  return lines.find((line) => line.startsWith(`${key}:`))?.split("\t")[1] ?? "";
}

/** Empty for a process that has ended in the meantime. */
function readProcessFile(id: number, name: string): string {
  try {
    return Deno.readTextFileSync(`/proc/${id}/${name}`);
  } catch {
    return "";
  }
}
