import { join } from "node:path";
import { UserError } from "../../errors.ts";
import type { ActionSpec, BehaviorSpec, ObservationSpec } from "../../spec.ts";
import { findBehavior } from "../columns.ts";
import type {
  ActionColumns,
  BehaviorSteps,
  Environment,
  EnvironmentParameter,
  EnvironmentStatistic,
} from "../env.ts";
import { BehaviorRecords } from "./behavior_records.ts";
import { readObservationSpecs } from "./messages/agent_info.ts";
import { type NamedPart, writeHeader } from "./messages/envelope.ts";
import { type Reader, readMessage } from "./messages/message_reader.ts";
import { MessageWriter } from "./messages/message_writer.ts";
import {
  type PlayerMessage,
  readPlayerMessage,
} from "./messages/player_message.ts";
import { Command, Status } from "./messages/tags.ts";
import {
  writeTrainerGreeting,
  writeTrainerStep,
} from "./messages/trainer_message.ts";
import { PlayerConnection } from "./player_connection.ts";
import {
  COMMUNICATION_VERSION,
  libraryVersionFor,
  versionProblem,
} from "./protocol_version.ts";
import {
  engineConfigurationMessages,
  type EngineSettings,
} from "./side_channels/engine_configuration.ts";
import { parameterMessages } from "./side_channels/environment_parameters.ts";
import {
  Channel,
  joinMessages,
  type SideChannelMessage,
  splitMessages,
} from "./side_channels/framing.ts";
import { readStatistic } from "./side_channels/statistics.ts";

/** How to start a Unity player, or to wait for the Editor. */
export interface UnityEnvironmentOptions {
  /** Path of a build; null = the Unity Editor, which the user starts. */
  readonly executable: string | null;
  /** The user's own arguments for the player. */
  readonly args?: readonly string[];
  /** Number of this player among several, 0 and up; added to the port. */
  readonly workerId?: number;
  /** Port of the first player; 5005 by default. */
  readonly basePort?: number;
  /** The port in the Editor's project settings; 5004 by default. */
  readonly editorPort?: number;
  /** Seeds the player's random numbers. */
  readonly seed: number;
  /** Seconds to wait for each message of the player; 60 by default. */
  readonly timeoutWait?: number;
  /** Starts the player without a window. */
  readonly noGraphics?: boolean;
  /** An existing folder for the player's log; Unity's own place without. */
  readonly logDirectory?: string;
  /** Copies of the training area, for scenes that can be copied. */
  readonly numAreas?: number;
  readonly engineSettings?: EngineSettings;
  /** Takes remarks that are worth showing but stop nothing. */
  readonly onNotice?: (message: string) => void;
  /** Ends all waiting, with the signal's reason. */
  readonly signal?: AbortSignal;
}

const DEFAULT_EDITOR_PORT = 5004;
const DEFAULT_BASE_PORT = 5005;
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
  readonly #specs = new Map<string, BehaviorSpec>();
  readonly #records = new Map<string, BehaviorRecords>();
  readonly #connection: PlayerConnection;
  readonly #onNotice: (message: string) => void;
  readonly #writer = new MessageWriter();
  /** Side-channel messages for the next reply. */
  #outbox: SideChannelMessage[] = [];
  #statistics: EnvironmentStatistic[] = [];
  /** Of all behaviors that the player has described. */
  readonly #actionSpecs = new Map<string, ActionSpec>();
  readonly #unknownChannels = new Set<string>();
  #isReset = false;

  private constructor(
    connection: PlayerConnection,
    options: UnityEnvironmentOptions,
  ) {
    this.behaviorSpecs = this.#specs;
    this.#connection = connection;
    this.#onNotice = options.onNotice ?? (() => {});
    if (options.engineSettings) {
      this.#outbox = engineConfigurationMessages(options.engineSettings);
    }
  }

  /**
   * Starts the player (or waits for the Editor) and shakes hands with it.
   * Throws a UserError if there is no player to be had.
   */
  static async start(
    options: UnityEnvironmentOptions,
  ): Promise<UnityEnvironment> {
    const { executable, logDirectory, workerId = 0 } = options;
    const connection = await PlayerConnection.open({
      port: choosePort(options),
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
      signal: options.signal,
    });
    try {
      const environment = new UnityEnvironment(connection, options);
      await environment.#shakeHands(options);
      return environment;
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
    await this.#exchange(Command.step, this.#records.values());
  }

  getSteps(behavior: string): BehaviorSteps {
    return findBehavior(this.#records, behavior);
  }

  setActions(behavior: string, actions: ActionColumns): void {
    findBehavior(this.#records, behavior).setActions(actions);
  }

  setParameters(
    parameters: Readonly<Record<string, EnvironmentParameter>>,
  ): void {
    this.#outbox.push(...parameterMessages(parameters));
  }

  takeStatistics(): EnvironmentStatistic[] {
    return this.#statistics.splice(0);
  }

  /** Ends the player; it is gone, and the port free, when this resolves. */
  async close(): Promise<void> {
    await this.#connection.close(this.#isReset);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  async #shakeHands({ seed, numAreas = 1 }: UnityEnvironmentOptions) {
    const bytes = await this.#connection.exchange(null);
    const hello = readMessage("player", bytes, readPlayerMessage);
    const versions = hello.versions ?? { communication: "", package: "" };
    writeTrainerGreeting(this.#writer.clear(), {
      seed,
      communicationVersion: COMMUNICATION_VERSION,
      packageVersion: libraryVersionFor(versions.package),
      numAreas,
    });
    // The second message says nothing more; it waits for the first reset.
    const second = await this.#connection.exchange(this.#writer.message);
    checkOpen(readMessage("player", second, readPlayerMessage));
    const problem = versionProblem(versions);
    if (problem) throw problem;
  }

  /** Sends a command and goes on until an agent decides or ends. */
  async #exchange(
    command: number,
    behaviors: Iterable<BehaviorRecords>,
  ): Promise<void> {
    let hasRecords = false;
    while (!hasRecords) {
      const block = joinMessages(this.#outbox.splice(0));
      writeTrainerStep(this.#writer.clear(), command, behaviors, block);
      const bytes = await this.#connection.exchange(this.#writer.message);
      hasRecords = readMessage("player", bytes, (reader) => {
        return this.#receive(reader);
      });
      command = Command.step;
      behaviors = [];
    }
  }

  /** Takes a message in; false if there is no agent in it. */
  #receive(reader: Reader): boolean {
    const message = readPlayerMessage(reader);
    // A player that quits waits for an answer, which closing gives.
    if (message.status !== Status.ok) void this.close();
    checkOpen(message);
    for (const { name, actionSpec } of message.behaviors) {
      this.#actionSpecs.set(name, actionSpec);
    }
    for (const records of this.#records.values()) records.clear();
    let hasRecords = false;
    for (const part of message.agentInfos) {
      if (part.start === part.end) continue;
      const records = this.#records.get(part.behavior) ??
        this.#addBehavior(reader, part);
      records?.read(reader, part);
      hasRecords ||= records !== undefined;
    }
    this.#readSideChannels(message.sideChannel);
    return hasRecords;
  }

  /** Gets to know a behavior by its first agents; undefined without a spec. */
  #addBehavior(reader: Reader, part: NamedPart): BehaviorRecords | undefined {
    const actionSpec = this.#actionSpecs.get(part.behavior);
    if (!actionSpec) return undefined;
    const observationSpecs = readObservationSpecs(reader, part);
    observationSpecs.forEach((spec) => checkSupported(part.behavior, spec));
    const spec = { observationSpecs, actionSpec };
    const records = new BehaviorRecords(part.behavior, spec);
    this.#specs.set(part.behavior, spec);
    this.#records.set(part.behavior, records);
    return records;
  }

  #readSideChannels(block: Uint8Array): void {
    for (const { channel, payload } of splitMessages(block)) {
      if (channel === Channel.statistics) {
        this.#statistics.push(readStatistic(payload));
      } else if (!this.#unknownChannels.has(channel)) {
        this.#unknownChannels.add(channel);
        this.#onNotice(
          `The player uses side channel ${channel}, which is not known here; ` +
            "its messages are ignored.",
        );
      }
    }
  }
}

function checkOpen({ status }: PlayerMessage): void {
  if (status === Status.ok) return;
  throw new UserError({
    what: "The Unity player has closed the connection and quits",
    cure: "Was its window closed, or play mode stopped?",
  });
}

function choosePort({
  executable,
  workerId = 0,
  basePort = DEFAULT_BASE_PORT,
  editorPort = DEFAULT_EDITOR_PORT,
}: UnityEnvironmentOptions): number {
  if (executable === null && workerId !== 0) {
    throw new UserError({
      what: "The Unity Editor can be one environment only",
      found: `worker ${workerId}`,
      cure: "Use a build (--env) for more environments than one.",
    });
  }
  const port = executable === null ? editorPort : basePort + workerId;
  if (Number.isInteger(port) && port > 0 && port < 65536) return port;
  throw new UserError({
    what: "A player cannot have this port",
    found: String(port),
    allowed: "1 to 65535",
    cure: "Choose another --base-port.",
  });
}

function checkSupported(behavior: string, spec: ObservationSpec): void {
  if (spec.shape.length === 1) return;
  throw new UserError({
    what: `The observations of sensor "${spec.name}" are not supported by ` +
      "this version",
    path: behavior,
    found: `shape [${spec.shape.join(", ")}]`,
    allowed: "vectors: shape [size]",
    cure: "Remove the sensor from the agent, or train on a vector instead.",
  });
}
