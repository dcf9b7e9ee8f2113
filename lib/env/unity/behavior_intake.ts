import { UserError } from "../../errors.ts";
import {
  type ActionSpec,
  type BehaviorSpec,
  specDifference,
} from "../../spec.ts";
import { findBehavior } from "../columns.ts";
import { BehaviorRecords } from "./behavior_records.ts";
import { ImageBatch } from "./images/image_batch.ts";
import { readAnnouncedSensors } from "./messages/announced_sensor.ts";
import type { BehaviorDescription } from "./messages/brain_parameters.ts";
import type { NamedPart } from "./messages/envelope.ts";
import type { Reader } from "./messages/message_reader.ts";
import type { PlayerMessage } from "./messages/player_message.ts";
import { makeSensor, type SensorOptions } from "./sensor.ts";

/** How to take in a player's behaviors. */
export interface IntakeOptions extends SensorOptions {
  /** Takes remarks that are worth showing but stop nothing. */
  readonly onNotice?: (message: string) => void;
}

/** All behaviors of a player: gets to know them and takes their records in. */
export class BehaviorIntake {
  readonly specs: ReadonlyMap<string, BehaviorSpec>;
  readonly #specs = new Map<string, BehaviorSpec>();
  readonly #records = new Map<string, BehaviorRecords>();
  /** Of all behaviors that the player has described. */
  readonly #described = new Map<string, BehaviorDescription>();
  readonly #options: IntakeOptions;
  readonly #images: ImageBatch;

  constructor(options: IntakeOptions) {
    this.specs = this.#specs;
    this.#options = options;
    this.#images = new ImageBatch(options.onNotice);
  }

  /** The behaviors in the order in which they appeared. */
  get all(): Iterable<BehaviorRecords> {
    return this.#records.values();
  }

  /** A behavior's records; throws a UserError for an unknown name. */
  find(name: string): BehaviorRecords {
    return findBehavior(this.#records, name);
  }

  /**
   * Takes in a message that `reader` has been opened on, in place of the one
   * before; false if there is no agent in it. Throws a UserError if it holds
   * what no player sends.
   */
  receive(message: PlayerMessage, reader: Reader): boolean {
    message.behaviors.forEach((behavior) => this.#describe(behavior));
    for (const records of this.#records.values()) records.clear();
    this.#images.clear();
    let hasRecords = false;
    for (const part of message.agentInfos) {
      if (part.start === part.end) continue;
      const records = this.#records.get(part.behavior) ??
        this.#addBehavior(reader, part);
      records?.read(reader, part);
      hasRecords ||= records !== undefined;
    }
    this.#images.decode(reader.buf);
    return hasRecords;
  }

  /** Ends what helped to take messages in. */
  close(): void {
    this.#images.close();
  }

  #describe(behavior: BehaviorDescription): void {
    const { name, actionSpec } = behavior;
    const known = this.#specs.get(name);
    const difference = known && specDifference(known, { ...known, actionSpec });
    if (difference) {
      throw new UserError({
        what: "The player has changed the behavior in mid-run",
        path: name,
        found: difference,
        cure: "Give all agents of one behavior the same sensors and actions.",
      });
    }
    checkActionSpec(name, actionSpec);
    this.#described.set(name, behavior);
  }

  /** Gets to know a behavior by its first agents; undefined without a spec. */
  #addBehavior(reader: Reader, part: NamedPart): BehaviorRecords | undefined {
    const described = this.#described.get(part.behavior);
    if (!described) return undefined;
    const sensors = readAnnouncedSensors(reader, part)
      .map((sensor) => makeSensor(part.behavior, sensor, this.#options));
    const records = new BehaviorRecords(described, sensors, this.#images);
    this.#specs.set(part.behavior, records.spec);
    this.#records.set(part.behavior, records);
    return records;
  }
}

function checkActionSpec(
  behavior: string,
  { continuousSize, discreteBranches }: ActionSpec,
): void {
  if (continuousSize >= 0 && discreteBranches.every((size) => size > 0)) return;
  throw new UserError({
    what: "The behavior has impossible actions",
    path: behavior,
    found: `${continuousSize} continuous ones, branches of ` +
      `[${discreteBranches.join(", ")}]`,
    allowed: "0 or more continuous ones, branches of 1 or more choices",
  });
}
