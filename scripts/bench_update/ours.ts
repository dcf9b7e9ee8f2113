/**
 * Our side of bench_update: words NAME BATCH THREADS. Greets with the
 * milliseconds that building took, then runs as many update phases as it is
 * told to.
 */
import { serveRequests } from "../driver.ts";
import { SacWorkload } from "./sac_workload.ts";
import { sizeOf, updateCases } from "./update_cases.ts";
import { UpdateWorkload } from "./update_workload.ts";

const [name, batch, threads] = Deno.args;
const found = updateCases.find((each) => each.name === name);
if (!found) throw new Error(`no case "${name}"`);
const size = sizeOf(found, Number(batch));
const workload = found.sac
  ? await SacWorkload.open(found, found.sac, size)
  : await UpdateWorkload.open(found, size, Number(threads));
await serveRequests(() => workload.run(), `${workload.buildTime}`);
Deno.exit(0);
