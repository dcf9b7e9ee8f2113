/** The agents that a policy acts for: their episodes and their memories. */
import type { Arrival } from "./trainer.ts";

/** An episode that has ended. */
export interface PlayedEpisode {
  /** Counts episodes from 0 in the order in which they began. */
  readonly number: number;
  /** Sum of the environment's rewards, group rewards excluded. */
  readonly reward: number;
  /** Number of decisions. */
  readonly length: number;
  /** What a group earned meanwhile: told of its last member only. */
  readonly groupReward?: number;
}

interface Agent {
  readonly number: number;
  reward: number;
  groupReward: number;
  /** 0 for an agent on its own. */
  groupId: number;
  length: number;
  readonly memory: Float32Array;
}

export class ActingAgents {
  readonly #memorySize: number;
  /** By source and id. */
  readonly #sources = new Map<number, Map<number, Agent>>();
  #begun = 0;

  /** `memorySize`: values that each agent remembers. */
  constructor(memorySize: number) {
    this.#memorySize = memorySize;
  }

  /** Takes in what happened, ends before decisions; returns what has ended. */
  ingest(arrivals: readonly Arrival[]): readonly PlayedEpisode[] {
    const ended: PlayedEpisode[] = [];
    for (const { source, steps: { terminal } } of arrivals) {
      const agents = this.#agentsOf(source);
      for (let i = 0; i < terminal.count; i++) {
        const id = terminal.agentIds[i];
        const agent = agents.get(id);
        // An agent may end before it ever decided: that was no episode.
        if (!agent) continue;
        agents.delete(id);
        const { number, length, groupId } = agent;
        const isLast = groupId !== 0 &&
          !agents.values().some((other) => other.groupId === groupId);
        const groupReward = agent.groupReward + terminal.groupRewards[i];
        ended.push({
          number,
          reward: agent.reward + terminal.rewards[i],
          length,
          ...(isLast && { groupReward }),
        });
      }
    }
    for (const { source, steps: { decision } } of arrivals) {
      const agents = this.#agentsOf(source);
      for (let i = 0; i < decision.count; i++) {
        const agent = agents.get(decision.agentIds[i]);
        if (!agent) {
          agents.set(decision.agentIds[i], {
            number: this.#begun++,
            reward: 0,
            groupReward: 0,
            groupId: decision.groupIds[i],
            length: 1,
            memory: new Float32Array(this.#memorySize),
          });
          continue;
        }
        agent.reward += decision.rewards[i];
        agent.groupReward += decision.groupRewards[i];
        agent.groupId = decision.groupIds[i];
        agent.length++;
      }
    }
    return ended;
  }

  /** Memories of all that decide, in order: `[rows, memorySize]`. */
  recall(arrivals: readonly Arrival[]): Float32Array {
    const memories = this.#deciding(arrivals);
    const all = new Float32Array(memories.length * this.#memorySize);
    memories.forEach((memory, row) => all.set(memory, row * memory.length));
    return all;
  }

  /** Keeps what they remember after their decisions, in the same order. */
  remember(arrivals: readonly Arrival[], all: Float32Array): void {
    this.#deciding(arrivals).forEach((memory, row) => {
      const start = row * memory.length;
      memory.set(all.subarray(start, start + memory.length));
    });
  }

  /** Drops all agents of one source: it was reset. */
  forget(source: number): void {
    this.#sources.delete(source);
  }

  /** Drops all agents. */
  forgetAll(): void {
    this.#sources.clear();
  }

  #deciding(arrivals: readonly Arrival[]): Float32Array[] {
    return arrivals.flatMap(({ source, steps: { decision } }) => {
      const agents = this.#agentsOf(source);
      const ids = decision.agentIds.subarray(0, decision.count);
      return Array.from(ids, (id) => {
        const agent = agents.get(id);
        if (!agent) throw new RangeError(`agent ${id} has not arrived`);
        return agent.memory;
      });
    });
  }

  #agentsOf(source: number): Map<number, Agent> {
    const known = this.#sources.get(source);
    if (known) return known;
    const agents = new Map<number, Agent>();
    this.#sources.set(source, agents);
    return agents;
  }
}
