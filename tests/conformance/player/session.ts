/** A player in its own process and the raw trainer that it plays for. */
import assert from "node:assert/strict";
import { join } from "node:path";
import {
  readRecord,
  type RecordedEvent,
} from "../../../lib/env/player/player_record.ts";
import type { BehaviorDescription } from "../../../lib/env/unity/messages/brain_parameters.ts";
import { Reader } from "../../../lib/env/unity/messages/message_reader.ts";
import {
  type PlayerVersions,
  readPlayerMessage,
} from "../../../lib/env/unity/messages/player_message.ts";
import {
  type SideChannelMessage,
  splitMessages,
} from "../../../lib/env/unity/side_channels/framing.ts";
import { readInfos, type SeenInfo } from "../../env/player/read_infos.ts";
import { commandWords } from "../../support/command.ts";
import { type Call, RawTrainer } from "./raw_trainer.ts";
import {
  type Action,
  type Greeting,
  greetingReply,
  statusReply,
  stepReply,
} from "./replies.ts";

/** One message of the player, taken apart. */
export interface Told {
  readonly bytes: Uint8Array;
  readonly status: number;
  readonly versions: PlayerVersions | null;
  /** Behaviors whose actions are described. */
  readonly described: readonly BehaviorDescription[];
  readonly infos: Readonly<Record<string, readonly SeenInfo[]>>;
  readonly sideChannel: Uint8Array;
}

/** What a process left behind. */
export interface Ending {
  readonly code: number;
  readonly signal: string | null;
  readonly errors: string;
  readonly log: string;
}

/** How the player is started, besides the port and the log. */
export interface SessionOptions {
  readonly packageVersion: string;
  readonly switches?: readonly string[];
  /** Words that trainers give. */
  readonly words?: readonly string[];
}

/** A conversation, message by message. */
export class PlayerSession implements AsyncDisposable {
  readonly folder: string;
  readonly trainer: RawTrainer;
  readonly process: Deno.ChildProcess;
  readonly #outcome: Promise<Ending>;
  #call: Call | null = null;

  private constructor(
    folder: string,
    trainer: RawTrainer,
    process: Deno.ChildProcess,
  ) {
    this.folder = folder;
    this.trainer = trainer;
    this.process = process;
    this.#outcome = process.output().then(({ code, signal, stderr }) => ({
      code,
      signal,
      errors: new TextDecoder().decode(stderr),
      log: Deno.readTextFileSync(this.logFile),
    }));
  }

  /** Starts a player; nothing has been said then. */
  static async start(
    world: string,
    { packageVersion, switches = [], words = [] }: SessionOptions,
  ): Promise<PlayerSession> {
    const trainer = await RawTrainer.listen();
    const folder = Deno.makeTempDirSync();
    const [executable, ...args] = commandWords([
      ...["serve", world, "--package", packageVersion],
      ...["--record", join(folder, "record.jsonl"), ...switches],
      ...["-nographics", "-batchmode", "--mlagents-port", `${trainer.port}`],
      ...["-logFile", join(folder, "Player-0.log"), ...words],
    ]);
    const process = new Deno.Command(executable, {
      args,
      stdin: "null",
      stdout: "piped",
      stderr: "piped",
    }).spawn();
    return new PlayerSession(folder, trainer, process);
  }

  get logFile(): string {
    return join(this.folder, "Player-0.log");
  }

  /** What the player has recorded so far, of one kind. */
  events<Kind extends RecordedEvent["event"]>(
    kind: Kind,
  ): Extract<RecordedEvent, { event: Kind }>[] {
    return readRecord(join(this.folder, "record.jsonl")).filter((
      each,
    ): each is Extract<RecordedEvent, { event: Kind }> => each.event === kind);
  }

  /** The player's next message. Throws if the process ends before it. */
  async next(): Promise<Told> {
    const call = await Promise.race([
      this.trainer.next(),
      this.#outcome.then(({ errors, code }) =>
        assert.fail(`the player ended with code ${code}: ${errors}`)
      ),
    ]);
    this.#call = call;
    const message = readPlayerMessage(Reader.create(call.bytes));
    const infos = message.agentInfos.map(({ behavior, start, end }) => [
      behavior,
      readInfos(call.bytes.subarray(start, end)),
    ]);
    return {
      bytes: call.bytes,
      status: message.status,
      versions: message.versions,
      described: message.behaviors,
      infos: Object.fromEntries(infos),
      sideChannel: message.sideChannel,
    };
  }

  /** Answers the latest message. */
  answer(bytes: Uint8Array): void {
    this.#call?.answer(bytes);
    this.#call = null;
  }

  /** Answers, and hears what the player says to it. */
  async ask(bytes: Uint8Array): Promise<Told> {
    this.answer(bytes);
    return await this.next();
  }

  /** Both calls of the handshake; returns the first message with agents. */
  async begin(greeting: Greeting = {}, sideChannel?: Uint8Array) {
    await this.next();
    await this.ask(greetingReply(greeting));
    return await this.ask(stepReply({
      command: 1,
      ...sideChannel && { sideChannel },
    }));
  }

  /** STEP with actions for some behaviors. */
  step(actions: Readonly<Record<string, readonly Action[]>> = {}) {
    return this.ask(stepReply({ actions }));
  }

  /** How the process ended. */
  end(): Promise<Ending> {
    return this.#outcome;
  }

  /** Answers with status 400 and waits for the end. */
  async finish(): Promise<Ending> {
    this.answer(statusReply(400));
    return await this.end();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    try {
      this.process.kill("SIGKILL");
    } catch {
      // It has ended by itself.
    }
    await this.#outcome;
    this.trainer.close();
    Deno.removeSync(this.folder, { recursive: true });
  }
}

/** The side-channel messages of a message. */
export function channelMessages({ sideChannel }: Told): SideChannelMessage[] {
  return splitMessages(sideChannel);
}

/** Infos of decisions. */
export function decisions(infos: readonly SeenInfo[] = []): SeenInfo[] {
  return infos.filter(({ done }) => !done);
}
