import { packagePreset } from "./package_preset.ts";
import { type PlayerEnd, servePlayer } from "./player.ts";
import { PlayerLog } from "./player_log.ts";
import { PlayerRecord } from "./player_record.ts";
import { parseTrouble } from "./trouble/trouble.ts";
import { TroubleMaker } from "./trouble/trouble_maker.ts";
import { readUnityWords, workerOf } from "./unity_words.ts";
import { worldFactory } from "./world_factory.ts";

/** What a player is to be, as the command line says it. */
export interface ServeOptions {
  /** `sim:NAME` or `scene:NAME`. */
  readonly world: string;
  /** A version of Unity's package. */
  readonly packageVersion: string;
  /** When agents get new ids. */
  readonly ids: "stable" | "episode";
  /** See trouble.ts. */
  readonly troubles: readonly string[];
  /** A file that tells what the player was told; null = none. */
  readonly record: string | null;
  /** The words that Unity players understand. */
  readonly words: readonly string[];
}

/**
 * Plays as a Unity player that was started with these options. Returns a line
 * about how it went. Throws a UserError for options that make no sense and for
 * a trainer that breaks the protocol; the log then tells it, too.
 */
export async function serve(options: ServeOptions): Promise<string> {
  const { port, logFile } = readUnityWords(options.words);
  const log = new PlayerLog(logFile);
  try {
    return describeEnd(await play(options, port, logFile, log), port);
  } catch (error) {
    log.write(`Error: ${error instanceof Error ? error.message : error}`);
    throw error;
  } finally {
    log.close();
  }
}

async function play(
  options: ServeOptions,
  port: number | null,
  logFile: string | null,
  log: PlayerLog,
): Promise<PlayerEnd | null> {
  const { world, packageVersion, ids } = options;
  const createWorld = worldFactory(world);
  const preset = packagePreset(packageVersion);
  const record = new PlayerRecord(options.record);
  const { communication } = preset.versions;
  log.write(
    `A stand-in for a Unity player: ${world}, package ${packageVersion}, ` +
      `protocol ${communication}.`,
  );
  const troubles = new TroubleMaker(
    options.troubles.map(parseTrouble),
    {
      worker: workerOf(logFile),
      start: options.record === null ? null : 1 + record.countStarts(port ?? 0),
    },
    log.write,
  );
  record.add({
    event: "start",
    world,
    package: packageVersion,
    port: port ?? 0,
  });
  if (port === null) {
    log.write("No port was given: there is no trainer to connect to.");
    return null;
  }
  log.write(`Connecting to the trainer on port ${port}.`);
  const end = await servePlayer({
    port,
    preset,
    hasEpisodeIds: ids === "episode",
    createWorld,
    troubles,
    record,
    log: log.write,
  });
  log.write(`The player ${end}.`);
  record.add({ event: "end", reason: end });
  return end;
}

function describeEnd(end: PlayerEnd | null, port: number | null): string {
  switch (end) {
    case null:
      return "Without --mlagents-port N there is no trainer to play for " +
        "(one that waits for Unity's Editor listens on port 5004).";
    case "found no trainer":
      return `No trainer listens on port ${port}.`;
    case "was ended by the trainer":
      return "The trainer has ended the session.";
    case "ended by itself":
      return "The player has ended the session.";
  }
}
