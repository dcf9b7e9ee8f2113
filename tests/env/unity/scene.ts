/** A player's behavior as messages written by a test, and what comes of them. */
import type { BehaviorSteps } from "../../../lib/env/env.ts";
import { BehaviorIntake } from "../../../lib/env/unity/behavior_intake.ts";
import { Reader } from "../../../lib/env/unity/messages/message_reader.ts";
import {
  MessageWriter,
} from "../../../lib/env/unity/messages/message_writer.ts";
import {
  readPlayerMessage,
} from "../../../lib/env/unity/messages/player_message.ts";
import { type Info, type Output, writeOutput } from "./fake_player.ts";

export const specs = { B: { continuousSize: 1, discreteBranches: [2] } };

/** What an agent's action led to. */
export interface Transition {
  readonly agent: number;
  /** What the agent saw when it chose the action. */
  readonly sees: number;
  readonly reward: number;
  readonly groupReward: number;
  /** How it ended; undefined if it goes on. */
  readonly end?: "done" | "interrupted";
  /** What it saw after the action. */
  readonly next: number;
}

/** Pairs records as every user of an environment has to. */
class Transitions {
  readonly #open = new Map<number, number>();

  /** Forgets what has not ended, as after a reset. */
  reset(): void {
    this.#open.clear();
  }

  take({ terminal, decision }: BehaviorSteps): Transition[] {
    const found: Transition[] = [];
    const settle = (steps: typeof decision, i: number, end?: string) => {
      const agent = steps.agentIds[i];
      const sees = this.#open.get(agent);
      const next = steps.observations[0][i];
      this.#open.delete(agent);
      if (sees === undefined) return;
      const reward = steps.rewards[i];
      const groupReward = steps.groupRewards[i];
      const transition = { agent, sees, reward, groupReward, next };
      found.push(
        end === undefined
          ? transition
          : { ...transition, end: end === "done" ? "done" : "interrupted" },
      );
    };
    for (let i = 0; i < terminal.count; i++) {
      const isCut = terminal.interrupted[i] === 1;
      const steps = { ...terminal, actionMask: null };
      settle(steps, i, isCut ? "interrupted" : "done");
    }
    for (let i = 0; i < decision.count; i++) {
      settle(decision, i);
      this.#open.set(decision.agentIds[i], decision.observations[0][i]);
    }
    return found;
  }
}

/** A player's behavior B, message after message. */
export class Scene {
  readonly intake = new BehaviorIntake({ packageVersion: "3.0.0" });
  readonly transitions = new Transitions();
  #isDescribed = false;

  /** What a message with these infos brings. */
  send(...infos: readonly Info[]): Transition[] {
    this.receive({ infos: { B: infos } });
    return this.transitions.take(this.intake.find("B"));
  }

  receive(output: Output): boolean {
    const writer = new MessageWriter();
    writeOutput(writer, this.#isDescribed ? output : { ...output, specs });
    this.#isDescribed = true;
    const reader = Reader.create(writer.message.slice());
    return this.intake.receive(readPlayerMessage(reader), reader);
  }

  /** Ids of the agents that wait for an action. */
  get waiting(): number[] {
    const { agentIds, count } = this.intake.find("B").decision;
    return [...agentIds.subarray(0, count)];
  }
}

/** Agent `id` asks for a decision at time `sees`. */
export function decides(
  id: number,
  sees: number,
  more: Partial<Info> = {},
): Info {
  return { id, observations: [[sees]], ...more };
}

/** Agent `id` has ended at time `sees`. */
export function ends(id: number, sees: number, more: Partial<Info> = {}): Info {
  return { id, observations: [[sees]], done: true, ...more };
}

export function transition(
  agent: number,
  sees: number,
  next: number,
  more: Partial<Transition> = {},
): Transition {
  return { agent, sees, next, reward: 0, groupReward: 0, ...more };
}
