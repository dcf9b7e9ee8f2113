/** The first two messages of a player: who it is, and that it is ready. */
import { readMessage } from "./messages/message_reader.ts";
import { MessageWriter } from "./messages/message_writer.ts";
import {
  checkOpen,
  type PlayerVersions,
  readPlayerMessage,
} from "./messages/player_message.ts";
import { writeTrainerGreeting } from "./messages/trainer_message.ts";
import type { PlayerConnection } from "./player_connection.ts";
import {
  COMMUNICATION_VERSION,
  libraryVersionFor,
  versionProblem,
} from "./protocol_version.ts";

/** What the trainer tells a player of itself. */
export interface HandshakeOptions {
  /** Seeds the player's random numbers. */
  readonly seed: number;
  /** Copies of the training area. */
  readonly numAreas: number;
}

/**
 * Greets a player and returns its versions; its second message then waits for
 * the first reset. Throws a UserError if the player cannot be used.
 */
export async function shakeHands(
  connection: PlayerConnection,
  { seed, numAreas }: HandshakeOptions,
): Promise<PlayerVersions> {
  const bytes = await connection.exchange(null);
  const hello = readMessage("player", bytes, readPlayerMessage);
  const versions = hello.versions ?? { communication: "", package: "" };
  const writer = new MessageWriter();
  writeTrainerGreeting(writer, {
    seed,
    communicationVersion: COMMUNICATION_VERSION,
    packageVersion: libraryVersionFor(versions.package),
    numAreas,
  });
  const second = await connection.exchange(writer.message);
  checkOpen(readMessage("player", second, readPlayerMessage));
  const problem = versionProblem(versions);
  if (problem) throw problem;
  return versions;
}
