import { UserError } from "../../errors.ts";
import type { NamedPart } from "../unity/messages/envelope.ts";
import { writeHeader } from "../unity/messages/envelope.ts";
import { type Reader, readMessage } from "../unity/messages/message_reader.ts";
import { MessageWriter } from "../unity/messages/message_writer.ts";
import { writePlayerGreeting } from "../unity/messages/player_message.ts";
import { Command, Status } from "../unity/messages/tags.ts";
import {
  readTrainerMessage,
  type ReceivedGreeting,
  type TrainerMessage,
} from "../unity/messages/trainer_message.ts";
import { ExchangeClient } from "../unity/wire/exchange_client.ts";
import { Dialect } from "./dialect.ts";
import type { PackagePreset } from "./package_preset.ts";
import { PlayerChannels } from "./player_channels.ts";
import { PlayerMessageWriter } from "./player_message_writer.ts";
import type { PlayerRecord } from "./player_record.ts";
import type { PlayerWorld, WorldOptions } from "./player_world.ts";
import type { Call } from "./trouble/trouble.ts";
import { sleepForever, type TroubleMaker } from "./trouble/trouble_maker.ts";

/** How a world plays a Unity player. */
export interface PlayerOptions {
  /** The trainer's port on this machine. */
  readonly port: number;
  readonly preset: PackagePreset;
  /** An agent gets a new id after each end. */
  readonly hasEpisodeIds: boolean;
  readonly createWorld: (options: WorldOptions) => PlayerWorld;
  readonly troubles: TroubleMaker;
  readonly record: PlayerRecord;
  readonly log: (line: string) => void;
}

/** How a player came to its end. */
export type PlayerEnd =
  | "found no trainer"
  | "was ended by the trainer"
  | "ended by itself";

/** What gRPC takes at most, unless it is told otherwise. */
const longestAnswer = 4 * 2 ** 20;

/** The newest library that late players of package 1.0 accept. */
const newestLibrary = [0, 25, 999];

/**
 * Connects to the trainer, which is the server, and plays as a Unity player
 * until one of the two ends. Unlike Unity it throws a UserError as soon as the
 * trainer breaks the protocol. Facts: Unity's protocol, sections 3 and 9.
 */
export async function servePlayer(options: PlayerOptions): Promise<PlayerEnd> {
  const { troubles } = options;
  await troubles.before("hello");
  const client = await ExchangeClient.connect(options.port);
  if (!client) return "found no trainer";
  let end: PlayerEnd;
  try {
    end = await new Player(client, options).play();
  } finally {
    client.close();
  }
  await troubles.linger();
  return end;
}

/** One player in conversation with one trainer. */
class Player {
  readonly #client: ExchangeClient;
  readonly #options: PlayerOptions;
  readonly #writer = new MessageWriter();
  #end: PlayerEnd = "was ended by the trainer";

  constructor(client: ExchangeClient, options: PlayerOptions) {
    this.#client = client;
    this.#options = options;
  }

  async play(): Promise<PlayerEnd> {
    const { createWorld, preset, hasEpisodeIds, log } = this.#options;
    const greeting = await this.#greet();
    if (!greeting) return this.#end;
    const { seed, numAreas, capabilities } = greeting;
    const dialect = new Dialect(preset, capabilities ?? new Set());
    const areas = preset.copiesAreas ? Math.max(1, numAreas) : 1;
    const world = createWorld({ seed, areas, dialect, hasEpisodeIds, log });
    try {
      if (await this.#getReady(world, greeting)) {
        await this.#run(world, dialect);
      }
    } finally {
      await world.close();
    }
    return this.#end;
  }

  /** The first call; null = the trainer ends at once. */
  async #greet(): Promise<ReceivedGreeting | null> {
    const { preset, record, log } = this.#options;
    const { versions, capabilities } = preset;
    writePlayerGreeting(this.#writer.clear(), versions, capabilities);
    const answer = await this.#ask("hello", readTrainerMessage);
    if (!answer || isClosing(answer)) return null;
    const { greeting } = answer;
    if (!greeting) throw missing("its initialization");
    if (!greeting.capabilities) throw missing("its capabilities");
    if (!/^\d+\.\d+(\.\d+)?$/.test(greeting.communicationVersion)) {
      throw missing("a numeric communication version");
    }
    const { seed, numAreas, packageVersion: library } = greeting;
    record.add({
      event: "greeting",
      seed,
      areas: numAreas,
      library,
      capabilities: [...greeting.capabilities],
    });
    log(`The trainer has library ${library} and gives seed ${seed}.`);
    if (!greeting.capabilities.has("base")) {
      log("Warning: the trainer does not know the basic protocol.");
    }
    return greeting;
  }

  /** The second call; false = the trainer ends. */
  async #getReady(
    world: PlayerWorld,
    { packageVersion }: ReceivedGreeting,
  ): Promise<boolean> {
    writeHeader(this.#writer.clear(), Status.ok);
    const goesOn = await this.#ask("ready", (reader) => {
      const message = readTrainerMessage(reader);
      if (isClosing(message)) return false;
      if (!message.hasInput) throw missing("an rl_input");
      this.#channelsOf(world).receive(message.sideChannel);
      return true;
    });
    if (this.#options.preset.refusesNewTrainers) refuseNewer(packageVersion);
    return goesOn ?? false;
  }

  /** All calls that tell of agents. */
  async #run(world: PlayerWorld, dialect: Dialect): Promise<void> {
    const { troubles, record } = this.#options;
    const messages = new PlayerMessageWriter(this.#writer, world, dialect);
    const channels = this.#channelsOf(world);
    let command: number | null = Command.step;
    let hasReset = false;
    for (let call = 1; command !== Command.quit; call++) {
      const isReset = command === Command.reset;
      if (isReset) {
        record.add({ event: "reset" });
        if (!hasReset && !await this.#keepsOn("reset")) return;
        hasReset = true;
      }
      const fault = troubles.infoFault(call);
      if (fault) world.spoilNext(fault);
      await world.advance(isReset);
      messages.write({
        padding: troubles.padding(call),
        cuts: troubles.cuts(call),
        strays: troubles.strays(call),
      });
      command = await this.#ask(call, (reader) => {
        const message = readTrainerMessage(reader);
        if (isClosing(message)) return Command.quit;
        if (!message.hasInput) throw missing("an rl_input");
        channels.receive(message.sideChannel);
        if (message.command === Command.step) {
          readActions(world, messages.described, reader, message.agentActions);
        }
        return message.command;
      });
      if (command === null) return;
    }
  }

  /** Sends what has been written and reads the answer; null = the end. */
  async #ask<T>(call: Call, read: (reader: Reader) => T): Promise<T | null> {
    if (call !== "hello" && !await this.#keepsOn(call)) return null;
    const answering = this.#client.exchange(this.#writer.message);
    await this.#options.troubles.during(call);
    const answer = await answering;
    if (answer.length > longestAnswer) {
      throw new UserError({
        what: "The trainer's answer is longer than gRPC takes",
        found: `${answer.length} bytes`,
        allowed: `${longestAnswer} bytes`,
      });
    }
    return readMessage("trainer", answer, read);
  }

  /** Makes the trouble of a moment; false = the player has ended itself. */
  async #keepsOn(moment: Call | "reset"): Promise<boolean> {
    const interruption = await this.#options.troubles.before(moment);
    if (!interruption) return true;
    if (interruption === "disconnect") {
      this.#client.close();
      await sleepForever();
    }
    writeHeader(this.#writer.clear(), Status.closing);
    try {
      await this.#client.exchange(this.#writer.message);
    } catch {
      // Whatever the trainer says to it: the player ends.
    }
    this.#end = "ended by itself";
    return false;
  }

  #channelsOf(world: PlayerWorld): PlayerChannels {
    const { record, log } = this.#options;
    return new PlayerChannels(world, record, log);
  }
}

/** Hands the actions out to the behaviors that have been told of. */
function readActions(
  world: PlayerWorld,
  described: ReadonlySet<string>,
  reader: Reader,
  parts: readonly NamedPart[],
): void {
  for (const part of parts) {
    const behavior = world.behaviors.get(part.behavior);
    if (!behavior || !described.has(part.behavior)) {
      throw new UserError({
        what: "The trainer sent actions for an unknown behavior",
        found: `"${part.behavior}"`,
        allowed: [...described].join(", "),
      });
    }
    if (part.start < part.end) behavior.readActions(reader, part);
  }
}

/** True if the trainer ends; throws if it does not say what it wants. */
function isClosing({ status }: TrainerMessage): boolean {
  if (status === 0) throw missing("a status, 200 as a rule,");
  return status !== Status.ok;
}

function missing(what: string): UserError {
  return new UserError({
    what: `The trainer broke the protocol: ${what} is missing`,
  });
}

/** Throws a UserError for libraries that package 1.0 does not play with. */
function refuseNewer(library: string): void {
  const numbers = /(\d+)\.(\d+)\.(\d+)/.exec(library)?.slice(1).map(Number);
  if (!numbers) return;
  const at = numbers.findIndex((each, i) => each !== newestLibrary[i]);
  if (at < 0 || numbers[at] < newestLibrary[at]) return;
  throw new UserError({
    what: "Package 1.0.8 does not play with so new a trainer",
    found: `library version ${library}`,
    allowed: `up to ${newestLibrary.join(".")}`,
  });
}
