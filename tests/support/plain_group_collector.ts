/** Groups as they come and go, and what a collector is to make of them. */
import { RandomGenerator } from "../../lib/util/random.ts";
import type { AgentRecord } from "./agent_records.ts";

/** What one source reports in a round. */
export interface Report {
  readonly decisions?: readonly AgentRecord[];
  readonly ends?: readonly AgentRecord[];
}

/** A piece in readable form; agents are known by what they see. */
export interface Piece {
  readonly sees: readonly number[];
  readonly rewards: readonly number[];
  /** What the mates of each decision see. */
  readonly mates: readonly (readonly number[])[];
  /** What everybody sees after the last decision; null = it was the end. */
  readonly last: readonly number[] | null;
}

export const sorted = (values: readonly number[]) =>
  [...values].sort((a, b) => a - b);

/** A scene in which members come, change groups, decide at random and end. */
export class GroupScene {
  readonly random: RandomGenerator;
  readonly #waiting = new Set<number>();
  #sight = 0;

  constructor(seed: number) {
    this.random = new RandomGenerator(seed, "scene");
  }

  step(): Report {
    const groups = Array.from(
      { length: 6 },
      (_, id) =>
        this.random.integer(12) === 0 ? this.random.integer(3) : id % 3,
    );
    const record = (id: number): AgentRecord => ({
      id,
      reward: this.random.integer(100),
      groupReward: 1000 * this.random.integer(10),
      groupId: groups[id],
      sees: ++this.#sight,
    });
    const decisions: AgentRecord[] = [];
    const ends: AgentRecord[] = [];
    for (let id = 0; id < 6; id++) {
      const chance = this.random.integer(12);
      if (!this.#waiting.has(id)) {
        if (chance < 5) decisions.push(record(id));
      } else if (chance < 3) {
        ends.push({ ...record(id), interrupted: chance === 0 });
        if (chance === 1) decisions.push(record(id));
      } else if (chance < 11) {
        decisions.push(record(id));
      }
    }
    for (const { id } of ends) this.#waiting.delete(id);
    for (const { id } of decisions) this.#waiting.add(id);
    return { decisions, ends };
  }
}

interface PlainAgent {
  sees: number[];
  rewards: number[];
  mates: number[][];
  /** Of the newest decision: a group's name, or "" for none. */
  group: string;
  /** It is in that group since the present round. */
  isNew: boolean;
  /** Mates' rewards since then. */
  shared: number;
}

/** The same bookkeeping for one source, written as it is told. */
export class PlainGroupCollector {
  readonly #agents = new Map<number, PlainAgent>();
  readonly #horizon: number;
  /** How many groups of each id have ended. */
  readonly #ended = new Map<number, number>();

  constructor(horizon: number) {
    this.#horizon = horizon;
  }

  ingest({ decisions = [], ends = [] }: Report): Piece[] {
    const known = (records: readonly AgentRecord[]) =>
      records.flatMap((record) => {
        const agent = this.#agents.get(record.id);
        return agent ? [{ record, agent }] : [];
      });
    const ending = known(ends);
    const ended = new Set(ending.map(({ record }) => record.id));
    const going = known(decisions.filter(({ id }) => !ended.has(id)));
    for (const { record, agent } of [...ending, ...going]) {
      for (const other of this.#agents.values()) {
        if (other === agent || agent.group === "") continue;
        if (other.group === agent.group) other.shared += record.reward ?? 0;
      }
    }
    for (const { record, agent } of [...ending, ...going]) {
      const { reward = 0, groupReward = 0 } = record;
      agent.rewards.push(reward + groupReward + agent.shared);
      agent.shared = 0;
    }
    ended.forEach((id) => this.#agents.delete(id));
    for (const id of [1, 2]) {
      const group = this.#nameOf(id);
      const lives = [...this.#agents.values()].some((a) => a.group === group);
      if (!lives) this.#ended.set(id, (this.#ended.get(id) ?? 0) + 1);
    }
    const cut: Piece[] = [];
    for (const agent of this.#agents.values()) agent.isNew = false;
    for (const record of decisions) {
      const { id, sees = 0, groupId = 0 } = record;
      const mates = sorted(
        decisions.flatMap((other) =>
          groupId !== 0 && other.id !== id && other.groupId === groupId
            ? [other.sees ?? 0]
            : []
        ),
      );
      const agent = this.#agents.get(id) ??
        {
          sees: [],
          rewards: [],
          mates: [],
          group: "",
          isNew: false,
          shared: 0,
        };
      const present = groupId === 0 ? "" : this.#nameOf(groupId);
      agent.isNew = present !== agent.group;
      agent.group = present;
      if (agent.sees.length >= this.#horizon) {
        const { sees: seen, rewards, mates: own } = agent;
        const last = sorted([sees, ...mates]);
        cut.push({ sees: seen, rewards, mates: own, last });
        Object.assign(agent, { sees: [], rewards: [], mates: [] });
      }
      agent.sees.push(sees);
      agent.mates.push(mates);
      this.#agents.set(id, agent);
    }
    const closed = ending.map(({ record, agent }): Piece => {
      const { sees, rewards, mates, group } = agent;
      const piece = { sees, rewards, mates };
      const own = record.interrupted ? [record.sees ?? 0] : [];
      const others = group === "" ? [] : [
        ...[...this.#agents.values()].filter((a) =>
          a.group === group && !(record.interrupted && a.isNew)
        ).map((a) => a.sees[a.sees.length - 1]),
        ...ending.filter((other) =>
          other.agent !== agent && other.agent.group === group &&
          other.record.interrupted
        ).map((other) => other.record.sees ?? 0),
      ];
      const last = sorted([...own, ...others]);
      return { ...piece, last: last.length > 0 ? last : null };
    });
    return [...closed, ...cut];
  }

  #nameOf(groupId: number): string {
    return `${groupId}.${this.#ended.get(groupId) ?? 0}`;
  }
}
