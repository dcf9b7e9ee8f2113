import type { Academy } from "./academy.ts";
import type { Agent } from "./agent.ts";

/** Agents that are rewarded and end together. */
export class AgentGroup {
  /** Counts from 1. */
  readonly id: number;
  readonly #members = new Set<Agent>();

  constructor(academy: Academy) {
    this.id = academy.nextGroupId();
  }

  get size(): number {
    return this.#members.size;
  }

  add(agent: Agent): void {
    agent.group?.remove(agent);
    this.#members.add(agent);
    agent.group = this;
  }

  /** A member that leaves gets no more rewards of the group. */
  remove(agent: Agent): void {
    if (this.#members.delete(agent)) agent.group = null;
  }

  /** Every member gets the whole of it. */
  addReward(reward: number): void {
    for (const agent of this.#members) agent.addGroupReward(reward);
  }

  /** Ends the episodes of all members and begins their next ones. */
  endEpisode(isInterrupted = false): void {
    for (const agent of [...this.#members]) agent.endEpisode(isInterrupted);
  }
}
