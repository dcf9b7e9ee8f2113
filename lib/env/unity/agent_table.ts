/** What {@link AgentTable.get} says of an agent that it does not know. */
export const UNKNOWN_AGENT = -2;

/** Spreads ids, which often follow each other, over a table. */
const SPREAD = 0x9e3779b1;

/**
 * A number for each agent of one message, by agent id: a hash table that takes
 * no memory while it is filled, and no time to be emptied.
 */
export class AgentTable {
  #bits = 6;
  #ids = new Int32Array(1 << this.#bits);
  #rows = new Int32Array(1 << this.#bits);
  /** The places that hold the present round's number are in use. */
  #rounds = new Uint32Array(1 << this.#bits);
  #round = 1;
  #count = 0;

  /** Forgets all agents. */
  clear(): void {
    this.#count = 0;
    this.#round++;
    if (this.#round < 2 ** 32) return;
    this.#rounds.fill(0);
    this.#round = 1;
  }

  /** The agent's number, {@link UNKNOWN_AGENT} if it has none. */
  get(agentId: number): number {
    const place = this.#find(agentId);
    return this.#rounds[place] === this.#round
      ? this.#rows[place]
      : UNKNOWN_AGENT;
  }

  set(agentId: number, row: number): void {
    // Half of the places stay free, so that searches are short.
    if (2 * this.#count >= this.#ids.length) this.#grow();
    const place = this.#find(agentId);
    if (this.#rounds[place] !== this.#round) this.#count++;
    this.#ids[place] = agentId;
    this.#rows[place] = row;
    this.#rounds[place] = this.#round;
  }

  /** Follows a list that loses a row: the numbers behind it become smaller. */
  removeRow(row: number): void {
    for (let place = 0; place < this.#rows.length; place++) {
      if (this.#rows[place] > row) this.#rows[place]--;
    }
  }

  /** The agent's place or, if it has none, the one it would get. */
  #find(agentId: number): number {
    let place = Math.imul(agentId, SPREAD) >>> (32 - this.#bits);
    while (
      this.#rounds[place] === this.#round && this.#ids[place] !== agentId
    ) place = (place + 1) & (this.#ids.length - 1);
    return place;
  }

  #grow(): void {
    const [ids, rows, rounds] = [this.#ids, this.#rows, this.#rounds];
    const length = 1 << ++this.#bits;
    this.#ids = new Int32Array(length);
    this.#rows = new Int32Array(length);
    this.#rounds = new Uint32Array(length);
    this.#count = 0;
    for (let place = 0; place < ids.length; place++) {
      if (rounds[place] === this.#round) this.set(ids[place], rows[place]);
    }
  }
}
