import { join } from "node:path";
import { Reader } from "protobufjs/minimal.js";

/** When a run wrote a summary. */
interface SummaryTime {
  readonly step: number;
  /** Seconds since 1970. */
  readonly time: number;
}

/** Fields of TensorBoard's events. */
const WALL_TIME = 1;
const STEP = 2;
/** Before a record its length and a checksum, behind it another checksum. */
const RECORD_HEAD = 12;
const RECORD_TAIL = 4;

/**
 * Steps per second of the second half of a behavior's summaries: when all is
 * warmed up, and without the end of the run. NaN where there are too few.
 */
export function summaryRate(behaviorFolder: string): number {
  const times = [...Deno.readDirSync(behaviorFolder)]
    .filter(({ name }) => name.startsWith("events.out.tfevents"))
    .flatMap(({ name }) => readEvents(join(behaviorFolder, name)))
    .filter(({ step }) => step > 0);
  const last = times.at(-1);
  const first = last && times.find(({ step }) => step >= last.step / 2);
  if (!first) return NaN;
  return (last.step - first.step) / (last.time - first.time);
}

function readEvents(path: string): SummaryTime[] {
  const bytes = Deno.readFileSync(path);
  const view = new DataView(bytes.buffer);
  const events: SummaryTime[] = [];
  let at = 0;
  while (at < bytes.length) {
    const length = Number(view.getBigUint64(at, true));
    at += RECORD_HEAD;
    events.push(readEvent(bytes.subarray(at, at + length)));
    at += length + RECORD_TAIL;
  }
  return events;
}

function readEvent(bytes: Uint8Array): SummaryTime {
  const reader = Reader.create(bytes);
  let time = NaN;
  let step = 0;
  while (reader.pos < reader.len) {
    const tag = reader.uint32();
    if (tag >>> 3 === WALL_TIME) time = reader.double();
    else if (tag >>> 3 === STEP) step = Number(reader.int64());
    else reader.skipType(tag & 7);
  }
  return { step, time };
}
