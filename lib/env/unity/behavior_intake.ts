import { UserError } from "../../errors.ts";
import type { ActionSpec, BehaviorSpec, ObservationSpec } from "../../spec.ts";
import { findBehavior } from "../columns.ts";
import { BehaviorRecords } from "./behavior_records.ts";
import { readObservationSpecs } from "./messages/agent_info_reader.ts";
import type { NamedPart } from "./messages/envelope.ts";
import type { Reader } from "./messages/message_reader.ts";
import type { PlayerMessage } from "./messages/player_message.ts";

/** All behaviors of a player: gets to know them and takes their records in. */
export class BehaviorIntake {
  readonly specs: ReadonlyMap<string, BehaviorSpec>;
  readonly #specs = new Map<string, BehaviorSpec>();
  readonly #records = new Map<string, BehaviorRecords>();
  /** Of all behaviors that the player has described. */
  readonly #actionSpecs = new Map<string, ActionSpec>();

  constructor() {
    this.specs = this.#specs;
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
   * before; false if there is no agent in it.
   */
  receive(message: PlayerMessage, reader: Reader): boolean {
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
