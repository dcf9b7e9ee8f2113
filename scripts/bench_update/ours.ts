/**
 * Our side of bench_update: words NAME BATCH THREADS. Greets with the
 * milliseconds that building took, then runs as many update phases as it is
 * told to.
 */
import { serveRequests } from "../driver.ts";
import { sizeOf, updateCases } from "./update_cases.ts";
import { UpdateWorkload } from "./update_workload.ts";

const [name, batch, threads] = Deno.args;
const found = updateCases.find((each) => each.name === name);
if (!found) throw new Error(`no case "${name}"`);
const workload = await UpdateWorkload.open(
  found,
  sizeOf(found, Number(batch)),
  Number(threads),
);
await serveRequests(() => workload.run(), `${workload.buildTime}`);
Deno.exit(0);
