import { join } from "node:path";
import type { BehaviorSpec } from "../../spec.ts";
import type {
  ActionColumns,
  AgentAction,
  BehaviorSteps,
  Environment,
  EnvironmentParameter,
  EnvironmentStatistic,
} from "../env.ts";
import { BehaviorIntake } from "./behavior_intake.ts";
import { checkOptions } from "./check_options.ts";
import { shakeHands } from "./handshake.ts";
import { writeHeader } from "./messages/envelope.ts";
import { readMessage } from "./messages/message_reader.ts";
import { MessageWriter } from "./messages/message_writer.ts";
import {
  checkOpen,
  type PlayerVersions,
  readPlayerMessage,
} from "./messages/player_message.ts";
import { Command, Status } from "./messages/tags.ts";
import {
  type ActionSource,
  writeTrainerStep,
} from "./messages/trainer_message.ts";
import { PlayerConnection } from "./player_connection.ts";
import { choosePort } from "./player_port.ts";
import type { EngineConfigurationChannel } from "./side_channels/engine_configuration.ts";
import type { SideChannel } from "./side_channels/side_channel.ts";
import { SideChannels } from "./side_channels/side_channels.ts";
import type { UnityEnvironmentOptions } from "./unity_environment_options.ts";

const DEFAULT_TIMEOUT_WAIT = 60;

const farewell = (() => {
  const writer = new MessageWriter();
  writeHeader(writer, Status.closing);
  return writer.message.slice();
})();

/**
 * A Unity player, driven through ML-Agents' protocol. Between two calls of
 * `reset` or `step` the player stands still: it waits for our answer to its
 * latest message.
 */
export class UnityEnvironment implements Environment {
  readonly behaviorSpecs: ReadonlyMap<string, BehaviorSpec>;
  /** Others are refused as they are read. */
  readonly hasFiniteObservations = true;
  readonly #connection: PlayerConnection;
  readonly #intake: BehaviorIntake;
  readonly #sideChannels: SideChannels;
  readonly #writer = new MessageWriter();
  #isReset = false;

  private constructor(
    connection: PlayerConnection,
    /** Of the player's package and of the protocol that it speaks. */
    readonly versions: PlayerVersions,
    intake: BehaviorIntake,
    sideChannels: SideChannels,
  ) {
    this.#intake = intake;
    this.behaviorSpecs = this.#intake.specs;
    this.#connection = connection;
    this.#sideChannels = sideChannels;
  }

  get packageVersion(): string {
    return this.versions.package;
  }

  /** How the player draws and how fast it runs, to be changed at any time. */
  get engine(): EngineConfigurationChannel {
    return this.#sideChannels.engine;
  }

  /**
   * Starts the player (or waits for the Editor) and shakes hands with it.
   * Throws a UserError for wrong options, and if there is no player to be had.
   */
  static async start(
    options: UnityEnvironmentOptions,
  ): Promise<UnityEnvironment> {
    checkOptions(options);
    const { executable, logDirectory, workerId = 0 } = options;
    const sideChannels = new SideChannels(options);
    const port = choosePort(options);
    const connection = await PlayerConnection.open({
      port,
      process: executable === null ? null : {
        executable,
        noGraphics: options.noGraphics ?? false,
        logFile: logDirectory === undefined
          ? null
          : join(logDirectory, `Player-${workerId}.log`),
        args: options.args ?? [],
      },
      timeoutWait: options.timeoutWait ?? DEFAULT_TIMEOUT_WAIT,
      farewell,
      onNotice: options.onNotice,
      signal: options.signal,
    });
    try {
      if (executable === null) {
        options.onWaiting?.(
          `Waiting for the Unity Editor on port ${port}: press Play there.`,
        );
      }
      const versions = await shakeHands(connection, {
        seed: options.seed ?? 0,
        numAreas: options.numAreas ?? 1,
      });
      const intake = new BehaviorIntake({
        ...options,
        packageVersion: versions.package,
      });
      return new UnityEnvironment(connection, versions, intake, sideChannels);
    } catch (error) {
      await connection.close();
      throw error;
    }
  }

  async reset(): Promise<void> {
    this.#isReset = true;
    await this.#exchange(Command.reset, []);
  }

  async step(): Promise<void> {
    if (!this.#isReset) return await this.reset();
    await this.#exchange(Command.step, this.#intake.all);
  }

  getSteps(behavior: string): BehaviorSteps {
    return this.#intake.find(behavior);
  }

  setActions(behavior: string, actions: ActionColumns): void {
    this.#intake.find(behavior).setActions(actions);
  }

  setAction(behavior: string, agentId: number, action: AgentAction): void {
    this.#intake.find(behavior).setAction(agentId, action);
  }

  setParameters(
    parameters: Readonly<Record<string, EnvironmentParameter>>,
  ): void {
    this.#sideChannels.parameters.set(parameters);
  }

  takeStatistics(): EnvironmentStatistic[] {
    return this.#sideChannels.statistics.take();
  }

  /**
   * Adds a channel that was not among the options; it gets the messages for it
   * that came with the latest step. Throws a UserError if its id is taken.
   */
  addSideChannel(channel: SideChannel): void {
    this.#sideChannels.add(channel);
  }

  /** Ends the player; it is gone, and the port free, when this resolves. */
  async close(): Promise<void> {
    this.#intake.close();
    await this.#connection.close(this.#isReset);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  /** Sends a command and goes on until an agent decides or ends. */
  async #exchange(
    command: number,
    behaviors: Iterable<ActionSource>,
  ): Promise<void> {
    // What waits to be sent must not get lost in a call that is refused.
    this.#connection.checkIdle();
    let hasRecords = false;
    while (!hasRecords) {
      const block = this.#sideChannels.takeOutgoing();
      writeTrainerStep(this.#writer.clear(), command, behaviors, block);
      const bytes = await this.#connection.exchange(this.#writer.message);
      hasRecords = this.#receive(bytes);
      command = Command.step;
      behaviors = [];
    }
  }

  /** Takes a message in; false if there is no agent in it. */
  #receive(bytes: Uint8Array): boolean {
    return readMessage("player", bytes, (reader) => {
      const message = readPlayerMessage(reader);
      // A player that quits waits for an answer, which closing gives.
      if (message.status !== Status.ok) void this.close();
      checkOpen(message);
      const hasRecords = this.#intake.receive(message, reader);
      this.#sideChannels.receive(message.sideChannel);
      return hasRecords;
    });
  }
}
