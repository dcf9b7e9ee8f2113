import { join } from "node:path";
import type { StatisticSummary } from "../events.ts";
import { writeAll } from "../util/atomic_file.ts";
import { fileError } from "../util/file_error.ts";
import {
  encodeSummaryEvent,
  encodeVersionEvent,
  type SummaryValue,
} from "./event_message.ts";
import { makeHistogram } from "./histogram.ts";
import { hyperparameterText } from "./hyperparameter_text.ts";
import { encodeTfRecord } from "./tf_record.ts";

/** Statistics for the console and the gauges only. */
const HIDDEN_TAGS = new Set(["Is Training", "Step"]);

let fileCount = 0;

/**
 * A TensorBoard event file that grows by one record per call; every record is
 * with the operating system when the call ends, so a killed run keeps it.
 * Methods throw a `UserError` that names the file when it cannot be written.
 */
export class EventFile {
  readonly path: string;
  readonly #file: Deno.FsFile;
  readonly #now: () => number;
  #size = 0;

  private constructor(path: string, file: Deno.FsFile, now: () => number) {
    this.path = path;
    this.#file = file;
    this.#now = now;
  }

  /**
   * Starts a new file in an existing folder, named after the time, the computer
   * and the process. `now` gives milliseconds since 1970.
   */
  static async create(folder: string, now: () => number): Promise<EventFile> {
    const seconds = Math.floor(now() / 1000);
    const path = join(
      folder,
      `events.out.tfevents.${seconds}.${Deno.hostname()}.${Deno.pid}.${fileCount++}`,
    );
    try {
      const file = await Deno.open(path, { write: true, createNew: true });
      const events = new EventFile(path, file, now);
      await events.#append(encodeVersionEvent(now() / 1000));
      return events;
    } catch (error) {
      throw fileError(`cannot write ${path}`, error);
    }
  }

  /** Records a behavior's settings as the text `Hyperparameters`. */
  writeSettings(settings: Readonly<Record<string, unknown>>): Promise<void> {
    const text = hyperparameterText(settings);
    return this.#write(0, [{ tag: "Hyperparameters/text_summary", text }]);
  }

  /** Records a summary: a scalar per statistic, and histograms as `<tag>_hist`. */
  writeSummary(
    step: number,
    statistics: ReadonlyMap<string, StatisticSummary>,
  ): Promise<void> {
    return this.#write(step, [...statistics].flatMap(summaryValues));
  }

  /** Closes the file; further calls are mistakes. */
  close(): void {
    this.#file.close();
  }

  async #write(step: number, values: readonly SummaryValue[]): Promise<void> {
    try {
      await this.#append(encodeSummaryEvent(this.#now() / 1000, step, values));
    } catch (error) {
      throw fileError(`cannot write ${this.path}`, error);
    }
  }

  async #append(event: Uint8Array): Promise<void> {
    const record = encodeTfRecord(event);
    try {
      await writeAll(this.#file, record);
    } catch (error) {
      // Readers give up at half a record, so later ones would be lost.
      await this.#file.truncate(this.#size).catch(() => {});
      throw error;
    }
    this.#size += record.length;
  }
}

function summaryValues(
  [tag, statistic]: readonly [string, StatisticSummary],
): SummaryValue[] {
  if (HIDDEN_TAGS.has(tag)) return [];
  const values: SummaryValue[] = [{ tag, scalar: statistic.value }];
  if (statistic.aggregation === "histogram" && statistic.values) {
    const histogram = makeHistogram(statistic.values);
    if (histogram) values.push({ tag: `${tag}_hist`, histogram });
  }
  return values;
}
