import { UserError } from "../../errors.ts";
import type { Environment, EnvironmentParameter } from "../env.ts";
import { ExchangeClient } from "../unity/wire/exchange_client.ts";
import { writeBrainParameters } from "../unity/messages/brain_parameters.ts";
import { writeHeader } from "../unity/messages/envelope.ts";
import { type Reader, readMessage } from "../unity/messages/message_reader.ts";
import { MessageWriter } from "../unity/messages/message_writer.ts";
import {
  type PlayerVersions,
  writePlayerGreeting,
} from "../unity/messages/player_message.ts";
import {
  Command,
  InitializationOutput,
  RlOutput,
  Status,
  UnityMessage,
  UnityOutput,
} from "../unity/messages/tags.ts";
import {
  readTrainerMessage,
  type ReceivedGreeting,
  type TrainerMessage,
} from "../unity/messages/trainer_message.ts";
import { PlayerBehavior } from "./player_behavior.ts";
import { readParameter } from "../unity/side_channels/environment_parameters.ts";
import {
  Channel,
  joinMessages,
  splitMessages,
} from "../unity/side_channels/framing.ts";
import { statisticMessages } from "../unity/side_channels/statistics.ts";

/** How a simulator plays a Unity player. */
export interface PlayerOptions {
  /** The trainer's port on this machine. */
  readonly port: number;
  /** Makes the simulator with the seed and the areas that the trainer wants. */
  readonly createEnvironment: (seed: number, numAreas: number) => Environment;
  /** What the player says it is; package 3.0.0 by default. */
  readonly versions?: PlayerVersions;
}

const DEFAULT_VERSIONS = { communication: "1.5.0", package: "3.0.0" };

/**
 * Serves a simulator to a trainer as a Unity player would: connects to the
 * trainer, which is the server, and plays until the trainer ends. Returns
 * false at once if there is no trainer. Unlike Unity it throws a UserError as
 * soon as the trainer breaks the protocol.
 */
export async function servePlayer(options: PlayerOptions): Promise<boolean> {
  const client = await ExchangeClient.connect(options.port);
  if (!client) return false;
  try {
    await new Player(client, options).play();
  } finally {
    client.close();
  }
  return true;
}

/** One player in conversation with one trainer. */
class Player {
  readonly #client: ExchangeClient;
  readonly #options: PlayerOptions;
  readonly #writer = new MessageWriter();
  readonly #behaviors = new Map<string, PlayerBehavior>();
  #legacySpecs = false;

  constructor(client: ExchangeClient, options: PlayerOptions) {
    this.#client = client;
    this.#options = options;
  }

  async play(): Promise<void> {
    const greeting = await this.#greet();
    if (!greeting) return;
    const environment = this.#options.createEnvironment(
      greeting.seed,
      Math.max(1, greeting.numAreas),
    );
    try {
      await this.#run(environment);
    } finally {
      await environment.close();
    }
  }

  /** The first call; null if the trainer has no use for us. */
  async #greet(): Promise<ReceivedGreeting | null> {
    const versions = this.#options.versions ?? DEFAULT_VERSIONS;
    writePlayerGreeting(this.#writer.clear(), versions);
    const { status, greeting } = await this.#ask(readTrainerMessage);
    if (status === Status.closing) return null;
    if (status !== Status.ok) throw missing("status 200 in its first answer");
    if (!greeting) throw missing("its initialization");
    if (!greeting.capabilities) throw missing("its capabilities");
    if (!/^\d+\.\d+(\.\d+)?$/.test(greeting.communicationVersion)) {
      throw missing("a numeric communication version");
    }
    this.#legacySpecs = !greeting.capabilities.has("hybridActions");
    return greeting;
  }

  /** The second call and all that follow. */
  async #run(environment: Environment): Promise<void> {
    writeHeader(this.#writer.clear(), Status.ok);
    let command: number = await this.#ask((reader) => {
      const message = readTrainerMessage(reader);
      const isEnd = isClosing(message);
      if (!isEnd) this.#readParameters(message, environment);
      return isEnd ? Command.quit : Command.reset;
    });
    while (command !== Command.quit) {
      await (command === Command.reset
        ? environment.reset()
        : environment.step());
      this.#writeStep(environment);
      command = await this.#ask((reader) => this.#obey(reader, environment));
    }
  }

  /** Sends what has been written and reads the answer. */
  async #ask<T>(read: (reader: Reader) => T): Promise<T> {
    const answer = await this.#client.exchange(this.#writer.message);
    return readMessage("trainer", answer, read);
  }

  /** Writes what has happened since the latest message. */
  #writeStep(environment: Environment): void {
    for (const [name, spec] of environment.behaviorSpecs) {
      if (this.#behaviors.has(name)) continue;
      this.#behaviors.set(name, new PlayerBehavior(name, spec, environment));
    }
    const behaviors = [...this.#behaviors.values()];
    const statistics = statisticMessages(environment.takeStatistics());
    const writer = this.#writer.clear();
    writeHeader(writer, Status.ok);
    const output = writer.open(UnityMessage.unityOutput);
    const rlOutput = writer.open(UnityOutput.rlOutput);
    for (const behavior of behaviors) behavior.writeInfos(writer);
    if (statistics.length > 0) {
      writer.bytes(RlOutput.sideChannel, joinMessages(statistics));
    }
    writer.close(rlOutput);
    this.#describe(behaviors.filter((behavior) => behavior.isNew));
    writer.close(output);
  }

  /** Adds the specs of behaviors that are sent for the first time. */
  #describe(behaviors: readonly PlayerBehavior[]): void {
    if (behaviors.length === 0) return;
    const message = this.#writer.open(UnityOutput.initialization);
    for (const behavior of behaviors) {
      behavior.isDescribed = true;
      writeBrainParameters(
        this.#writer,
        InitializationOutput.brainParameters,
        { name: behavior.name, actionSpec: behavior.spec.actionSpec },
        this.#legacySpecs ? "both" : "present",
      );
    }
    this.#writer.close(message);
  }

  /** Takes the trainer's parameters and actions; returns its command. */
  #obey(reader: Reader, environment: Environment): number {
    const message = readTrainerMessage(reader);
    if (isClosing(message)) return Command.quit;
    this.#readParameters(message, environment);
    if (message.command !== Command.step) return message.command;
    for (const part of message.agentActions) {
      const behavior = this.#behaviors.get(part.behavior);
      if (!behavior?.isDescribed) {
        throw new UserError({
          what: "The trainer sent actions for an unknown behavior",
          found: `"${part.behavior}"`,
          allowed: [...this.#behaviors.keys()].join(", "),
        });
      }
      if (part.start < part.end) behavior.readActions(reader, part);
    }
    return Command.step;
  }

  #readParameters(message: TrainerMessage, environment: Environment): void {
    const parameters: Record<string, EnvironmentParameter> = {};
    for (const { channel, payload } of splitMessages(message.sideChannel)) {
      if (channel !== Channel.environmentParameters) continue;
      const [name, parameter] = readParameter(payload);
      parameters[name] = parameter;
    }
    environment.setParameters(parameters);
  }
}

/** True if the trainer ends; throws if it says nothing that can be obeyed. */
function isClosing({ status, hasInput }: TrainerMessage): boolean {
  if (status === Status.closing) return true;
  if (status !== Status.ok) throw missing("a status");
  if (!hasInput) throw missing("an rl_input");
  return false;
}

function missing(what: string): UserError {
  return new UserError({
    what: `The trainer broke the protocol: ${what} is missing`,
  });
}
