/**
 * Times the reading of configurations, from file to resolved settings: as the
 * first work of a process after start (modules loaded), and when it is warm.
 * Then the help of the command line, from start to end. Milliseconds of the
 * clock and, less moved by other work, of the processor; medians:
 *
 *   deno run -A scripts/bench_settings.ts [FILE...]
 */
import process from "node:process";
import { fileURLToPath } from "node:url";
import { loadSettings } from "../lib/settings/load_settings.ts";
import { formatTable, median } from "./table.ts";

const processes = 9;
const warmReads = 50;

/** Milliseconds of the clock and of the processor. */
interface Time {
  readonly clock: number;
  readonly processor: number;
}

if (Deno.args[0] === "--once") {
  const times: Time[] = [];
  for (let i = 0; i <= warmReads; i++) {
    const begin = performance.now();
    const used = process.cpuUsage();
    await loadSettings(Deno.args[1]);
    const { user, system } = process.cpuUsage(used);
    const clock = performance.now() - begin;
    times.push({ clock, processor: (user + system) / 1000 });
  }
  console.log(JSON.stringify([times[0], middle(times.slice(warmReads / 2))]));
} else {
  const files = Deno.args.length > 0 ? Deno.args : [
    path("../config/3dball.yaml"),
    path("../config/ppo/wall_jump_curriculum.yaml"),
  ];
  const rows = files.map((file) => {
    const runs = Array.from({ length: processes }, () => once(file));
    return [
      file.split("/").slice(-2).join("/"),
      `${Deno.statSync(file).size}`,
      describe(middle(runs.map(([first]) => first))),
      describe(middle(runs.map(([, warm]) => warm))),
    ];
  });
  console.log(formatTable(["file", "bytes", "first", "warm"], rows));
  const help = Array.from({ length: processes }, () => {
    const begin = performance.now();
    deno(path("../cli.ts"), "--help");
    return performance.now() - begin;
  });
  console.log(`\ncli.ts --help: ${median(help).toFixed(0)}`);
}

function middle(times: readonly Time[]): Time {
  return {
    clock: median(times.map(({ clock }) => clock)),
    processor: median(times.map(({ processor }) => processor)),
  };
}

function describe({ clock, processor }: Time): string {
  return `${clock.toFixed(1)} (${processor.toFixed(1)})`;
}

/** The first read and a warm one, in a process of its own. */
function once(file: string): [Time, Time] {
  return JSON.parse(deno(path("./bench_settings.ts"), "--once", file));
}

function deno(...words: string[]): string {
  const command = new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", ...words],
  });
  const { success, stdout, stderr } = command.outputSync();
  const text = new TextDecoder();
  if (!success) throw new Error(text.decode(stderr));
  return text.decode(stdout);
}

function path(relative: string): string {
  return fileURLToPath(new URL(relative, import.meta.url));
}
