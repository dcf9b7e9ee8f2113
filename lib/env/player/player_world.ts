/** The game behind a stand-in player: what a player needs to know of it. */
import type { ActionSpec } from "../../spec.ts";
import type { EnvironmentParameter } from "../env.ts";
import type { NamedPart } from "../unity/messages/envelope.ts";
import type { Reader } from "../unity/messages/message_reader.ts";
import type { MessageWriter } from "../unity/messages/message_writer.ts";
import type { SideChannelMessage } from "../unity/side_channels/framing.ts";
import type { Dialect } from "./dialect.ts";

/** What the trainer and the command line say about a world to be made. */
export interface WorldOptions {
  readonly seed: number;
  /** How many times the usual number of areas there are. */
  readonly areas: number;
  readonly dialect: Dialect;
  /** An agent gets a new id after each end. */
  readonly hasEpisodeIds: boolean;
  /** Tells the user something. */
  readonly log: (line: string) => void;
}

/** What can be wrong with the next info that is told. */
export type InfoFault = "nan-observation" | "nan-reward" | "shape";

/** A game that goes on whenever the trainer has answered. */
export interface PlayerWorld {
  /** All behaviors so far, in the order of their appearance. */
  readonly behaviors: ReadonlyMap<string, WorldBehavior>;
  /**
   * Goes on until there is something to tell the trainer. The first time and
   * with `isReset` all episodes begin anew; otherwise the actions count that
   * have been read.
   */
  advance(isReset: boolean): void | Promise<void>;
  /** The next info that there is to tell will have this fault. */
  spoilNext(fault: InfoFault): void;
  setParameter(name: string, parameter: EnvironmentParameter): void;
  /** Takes a message; false = the world has no such side channel. */
  receive(message: SideChannelMessage): boolean;
  /** Side-channel messages since the last call. */
  takeMessages(): SideChannelMessage[];
  close(): void | Promise<void>;
}

/** Makes a world for a player. */
export type WorldFactory = (options: WorldOptions) => PlayerWorld;

/** One behavior's agents as they are told to the trainer. */
export interface WorldBehavior {
  readonly name: string;
  readonly actionSpec: ActionSpec;
  /** Number of infos that wait to be told. */
  readonly infoCount: number;
  /** Adds the infos, in their order, to a list. */
  writeInfos(writer: MessageWriter): void;
  /**
   * Takes the actions for the latest infos. Throws a UserError if they are
   * not complete, numbers, in range and allowed.
   */
  readActions(reader: Reader, part: NamedPart): void;
}
