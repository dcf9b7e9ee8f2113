/** What {@link AgentTable.get} says of an agent that it does not know. */
export const UNKNOWN_AGENT = -2;

/** Spreads ids, which often follow each other, over a table. */
const SPREAD = 0x9e3779b1;

/** The numbers of an entry lie side by side. */
const Entry = { round: 0, agentId: 1, row: 2, size: 4 } as const;

/**
 * A number for each agent of one message, by agent id: a hash table that takes
 * no memory while it is filled, and no time to be emptied.
 */
export class AgentTable {
  #bits = 6;
  #entries = new Int32Array(Entry.size << this.#bits);
  /** Entries of other rounds are free. */
  #round = 1;
  #count = 0;

  /** Forgets all agents. */
  clear(): void {
    if (this.#count === 0) return;
    this.#count = 0;
    this.#round = (this.#round + 1) | 0;
    if (this.#round !== 0) return;
    this.#entries.fill(0);
    this.#round = 1;
  }

  /** The agent's number, {@link UNKNOWN_AGENT} if it has none. */
  get(agentId: number): number {
    if (this.#count === 0) return UNKNOWN_AGENT;
    const at = this.#find(agentId);
    return this.#entries[at + Entry.round] === this.#round
      ? this.#entries[at + Entry.row]
      : UNKNOWN_AGENT;
  }

  /** Gives an agent a number; false if it has one already, which it keeps. */
  add(agentId: number, row: number): boolean {
    // Half of the places stay free, so that searches are short.
    if (2 * this.#count >= 1 << this.#bits) this.#grow();
    const at = this.#find(agentId);
    const entries = this.#entries;
    if (entries[at + Entry.round] === this.#round) return false;
    this.#count++;
    entries[at + Entry.round] = this.#round;
    entries[at + Entry.agentId] = agentId;
    entries[at + Entry.row] = row;
    return true;
  }

  /** Follows a list that loses a row: its agent gets the number `instead`. */
  removeRow(row: number, instead: number): void {
    const entries = this.#entries;
    for (let at = Entry.row; at < entries.length; at += Entry.size) {
      if (entries[at] === row) entries[at] = instead;
      else if (entries[at] > row) entries[at]--;
    }
  }

  /** Where the agent's entry is or, if it has none, would be. */
  #find(agentId: number): number {
    const entries = this.#entries;
    const place = Math.imul(agentId, SPREAD) >>> (32 - this.#bits);
    let at = Entry.size * place;
    while (
      entries[at + Entry.round] === this.#round &&
      entries[at + Entry.agentId] !== agentId
    ) at = (at + Entry.size) & (entries.length - 1);
    return at;
  }

  #grow(): void {
    const entries = this.#entries;
    this.#bits++;
    this.#entries = new Int32Array(Entry.size << this.#bits);
    this.#count = 0;
    for (let at = 0; at < entries.length; at += Entry.size) {
      if (entries[at + Entry.round] !== this.#round) continue;
      this.add(entries[at + Entry.agentId], entries[at + Entry.row]);
    }
  }
}
