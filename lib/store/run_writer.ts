import type {
  BehaviorStarted,
  RunEnded,
  RunEvent,
  RunStarted,
  Summary,
} from "../events.ts";
import { checkBehaviorName, refuseName } from "../settings/path_names.ts";
import { writeFileAtomically } from "../util/atomic_file.ts";
import { CheckpointKeeper } from "./checkpoint_keeper.ts";
import { EventFile } from "./event_file.ts";
import type { OpenedRun } from "./open_run.ts";
import { makeFolder, removeRunFiles } from "./results_folder.ts";
import type { RunPaths } from "./run_paths.ts";
import { Gauges, timersText } from "./timers_file.ts";
import { recordStatistics } from "./training_status.ts";

/** What the files of a run say besides its events. */
export interface RunWriterOptions {
  /** The resolved configuration, as it goes into `configuration.yaml`. */
  readonly configurationYaml: string;
  /** Name and version of the program, for the status and timer files. */
  readonly program: string;
  /** For the timer file. */
  readonly commandLine: string;
  /** Remove an earlier run's files when this one starts. */
  readonly replace: boolean;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** How many checkpoints are kept where the settings do not say. */
const KEEP_CHECKPOINTS = 5;

/** Turns the events of a run into the files of its folder. */
export class RunWriter {
  readonly #run: OpenedRun;
  readonly #paths: RunPaths;
  readonly #options: RunWriterOptions;
  readonly #keeper: CheckpointKeeper;
  readonly #gauges = new Gauges();
  readonly #eventFiles = new Map<string, EventFile>();
  readonly #openedAt: number;
  #hasStarted = false;

  constructor(run: OpenedRun, options: RunWriterOptions) {
    this.#run = run;
    this.#paths = run.paths;
    this.#options = options;
    this.#keeper = new CheckpointKeeper(run.paths, run.status, options.now);
    this.#openedAt = options.now();
  }

  /** True once anything of an earlier run may have been replaced. */
  get hasStarted(): boolean {
    return this.#hasStarted;
  }

  /** The newest step of each behavior that this session saved. */
  get savedSteps(): ReadonlyMap<string, number> {
    return this.#keeper.savedSteps;
  }

  /** Writes what one event asks for. Throws a `UserError` if that fails. */
  async write(event: RunEvent): Promise<void> {
    switch (event.type) {
      case "run_started":
        return await this.#startRun(event);
      case "behavior_started":
        return await this.#startBehavior(event);
      case "summary":
        return await this.#summarize(event);
      case "checkpoint":
        return await this.#keeper.save(event);
      case "run_ended":
        return await this.#endRun(event);
      case "progress":
      case "notice":
      case "waiting":
        return;
    }
  }

  /** Closes the event files. */
  close(): void {
    for (const events of this.#eventFiles.values()) events.close();
    this.#eventFiles.clear();
  }

  async #startRun({ seed }: RunStarted): Promise<void> {
    this.#keeper.describeWriter({
      stats_format_version: "0.3.0",
      mlagents_version: this.#options.program,
      torch_version: "none",
      seed: String(seed),
    });
    await this.#begin();
  }

  /** Takes over the folder at the first event of a run that really starts. */
  async #begin(): Promise<void> {
    if (this.#hasStarted) return;
    this.#hasStarted = true;
    // Not earlier: a run that fails before it starts must not cost an old one.
    if (this.#options.replace) await removeRunFiles(this.#paths);
    await this.#keeper.goOnFrom(this.#run.resumePoint);
    await writeFileAtomically(
      this.#paths.configuration,
      this.#options.configurationYaml,
    );
  }

  async #startBehavior(event: BehaviorStarted): Promise<void> {
    const { behavior, settings } = event;
    if (this.#eventFiles.has(behavior)) return;
    refuseName(checkBehaviorName(behavior));
    await this.#begin();
    const { keep_checkpoints: keep } = settings;
    this.#keeper.startBehavior(
      behavior,
      typeof keep === "number" ? keep : KEEP_CHECKPOINTS,
    );
    const folder = this.#paths.behaviorFolder(behavior);
    await makeFolder(folder);
    const events = await EventFile.create(folder, this.#options.now);
    this.#eventFiles.set(behavior, events);
    await events.writeSettings(settings);
  }

  async #summarize(event: Summary): Promise<void> {
    const { behavior, step, statistics } = event;
    this.#gauges.record(behavior, statistics);
    recordStatistics(this.#run.status, behavior, statistics);
    await this.#eventFiles.get(behavior)?.writeSummary(step, statistics);
  }

  async #endRun({ timers }: RunEnded): Promise<void> {
    this.close();
    // A run that failed before its world was up has nothing to write.
    if (!this.#hasStarted) return;
    await this.#keeper.settle();
    const seconds = (time: number) => String(Math.floor(time / 1000));
    await writeFileAtomically(
      this.#paths.timers,
      timersText(timers, this.#gauges, {
        start_time_seconds: seconds(this.#openedAt),
        command_line_arguments: this.#options.commandLine,
        program: this.#options.program,
        deno_version: Deno.version.deno,
        end_time_seconds: seconds(this.#options.now()),
      }),
    );
  }
}
