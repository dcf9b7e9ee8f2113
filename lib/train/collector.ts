/**
 * Turns records of agents that come and go into finished pieces of experience.
 * Only this file knows about joining, leaving and cutting.
 */
import type { Rollout } from "../data/rollout.ts";
import type { DecisionSteps, TerminalSteps } from "../env/env.ts";
import { UserError } from "../errors.ts";
import {
  addPrefix,
  arrayNamed,
  type NamedArrays,
  takePrefix,
  vectorArray,
} from "../util/arrays.ts";
import { AgentGroups, type GroupMember } from "./agent_groups.ts";
import type { Arrival } from "./trainer.ts";

/** A finished piece of one agent's experience. */
export interface Segment {
  /** Rows of its decisions, in order of time. */
  readonly rows: Int32Array;
  /**
   * Row of the state after the last decision; -1 after a true end, which of a
   * member of a group is that of the last one.
   */
  readonly bootstrapRow: number;
}

/** A finished piece with what is known of its agent. */
export interface CollectedSegment extends Segment {
  /** One number for the agent in its episode; later ones may have it again. */
  readonly agent: number;
  /** Its episode is over, for whatever reason. */
  readonly hasEnded: boolean;
  /** Row of the observation after the last decision; -1 where it is not kept. */
  readonly finalRow: number;
}

/** An agent's finished episode. */
export interface EpisodeEnd {
  /** Sum of the environment's rewards, group rewards excluded. */
  readonly reward: number;
  /** Number of decisions. */
  readonly length: number;
  /** Sum of the group's rewards, of an agent with whose end its group ended. */
  readonly groupReward?: number;
}

/** What the arrivals of one round brought. */
export interface Ingested {
  /**
   * The decisions that wait for an action: rows `first .. first+count-1`, one
   * arrival after the other.
   */
  readonly first: number;
  readonly count: number;
  readonly segments: readonly CollectedSegment[];
  readonly episodes: readonly EpisodeEnd[];
}

/** An agent between its first decision and its end. */
interface Agent extends GroupMember {
  readonly key: number;
  /** Decisions since the last cut; the newest has no outcome yet. */
  rows: number[];
  episodeReward: number;
  episodeLength: number;
  /** What a recurrent policy remembers of the episode so far. */
  memory: Float32Array;
}

export interface CollectorOptions {
  /** Pieces are cut after so many decisions at the latest. */
  readonly timeHorizon: number;
  /** The observation after a true end gets a row too. */
  readonly keepsFinalRows?: boolean;
}

/** An agent that has ended, before it is known what followed. */
interface Ended {
  readonly member: Agent;
  readonly finalRow: number;
  readonly bootstrapRow: number;
}

const idCount = 2 ** 32;

export class Collector {
  readonly #behavior: string;
  readonly #rollout: Rollout;
  readonly #options: CollectorOptions;
  readonly #agents = new Map<number, Agent>();
  /** Where the rollout keeps mates. */
  readonly #groups: AgentGroups | null;

  constructor(behavior: string, rollout: Rollout, options: CollectorOptions) {
    this.#behavior = behavior;
    this.#rollout = rollout;
    this.#options = options;
    this.#groups = rollout.groups && new AgentGroups(rollout, rollout.groups);
  }

  /**
   * Takes in the records of one round: all ends first, then all decisions
   * (reference 2.1), so that those that wait for an action lie side by side.
   * Throws UserError on a reward that is no number.
   */
  ingest(arrivals: readonly Arrival[]): Ingested {
    const ended: Ended[] = [];
    for (const { source, steps } of arrivals) {
      this.#end(source, steps.terminal, ended);
    }
    const first = this.#rollout.size;
    const cut: CollectedSegment[] = [];
    for (const { source, steps } of arrivals) {
      this.#decide(source, steps.decision, cut);
    }
    const count = this.#rollout.size - first;
    const following = this.#groups?.close(ended);
    const closed = ended.map(({ member, finalRow, bootstrapRow }, i) => ({
      agent: member.key,
      rows: Int32Array.from(member.rows),
      hasEnded: true,
      finalRow,
      bootstrapRow: following?.[i] ?? bootstrapRow,
    }));
    return {
      first,
      count,
      // Of an agent that learns again since its newest decision there is none.
      segments: [...closed.filter(({ rows }) => rows.length > 0), ...cut],
      episodes: ended.map(({ member }) => episodeOf(member)),
    };
  }

  /** Takes out the agents that have ended. */
  #end(source: number, terminal: TerminalSteps, ended: Ended[]): void {
    for (let i = 0; i < terminal.count; i++) {
      const key = keyOf(source, terminal.agentIds[i]);
      const agent = this.#agents.get(key);
      // An agent may end before it ever decided: nothing was learned then.
      if (!agent) continue;
      this.#settle(agent, terminal, i);
      const isInterrupted = terminal.interrupted[i] === 1;
      const finalRow = isInterrupted || this.#options.keepsFinalRows
        ? this.#rollout.appendTerminal(terminal, i)
        : -1;
      ended.push({
        member: agent,
        finalRow,
        bootstrapRow: isInterrupted ? finalRow : -1,
      });
      this.#agents.delete(key);
      this.#groups?.leave(agent);
    }
  }

  /** Adds decisions, and cuts pieces that have become too long. */
  #decide(
    source: number,
    decision: DecisionSteps,
    segments: CollectedSegment[],
  ): void {
    const first = this.#rollout.appendDecisions(decision);
    const deciding: Agent[] = [];
    for (let i = 0; i < decision.count; i++) {
      const key = keyOf(source, decision.agentIds[i]);
      const row = first + i;
      const agent = this.#agents.get(key);
      if (!agent) {
        const newcomer = this.#createAgent(key);
        newcomer.rows.push(row);
        deciding.push(newcomer);
        continue;
      }
      deciding.push(agent);
      if (this.#memorySize > 0) {
        this.#rollout.memories[0].set(agent.memory, row * this.#memorySize);
      }
      this.#settle(agent, decision, i);
      if (agent.rows.length >= this.#options.timeHorizon) {
        segments.push({
          agent: key,
          rows: Int32Array.from(agent.rows),
          hasEnded: false,
          finalRow: row,
          bootstrapRow: row,
        });
        agent.rows = [];
      }
      agent.rows.push(row);
    }
    this.#groups?.decide(
      decision,
      deciding,
      first,
      (groupId) => keyOf(source, groupId),
    );
  }

  #createAgent(key: number): Agent {
    const agent: Agent = {
      key,
      rows: [],
      episodeReward: 0,
      episodeLength: 0,
      memory: new Float32Array(this.#memorySize),
      group: null,
      earnedBefore: 0,
      groupReturn: 0,
    };
    this.#agents.set(key, agent);
    return agent;
  }

  /** Notes the outcome of an agent's newest decision. */
  #settle(
    agent: Agent,
    steps: Pick<TerminalSteps, "rewards" | "groupRewards" | "agentIds">,
    index: number,
  ): void {
    const reward = steps.rewards[index];
    const total = reward + steps.groupRewards[index];
    if (!Number.isFinite(total)) {
      throw new UserError({
        what: `agent ${steps.agentIds[index]} received a reward that is not ` +
          "a finite number",
        path: this.#behavior,
        found: String(total),
        cure: "Check the game's AddReward and SetReward calls for divisions " +
          "by zero.",
      });
    }
    // Without learning there is no row to keep the outcome in.
    const row = agent.rows.at(-1);
    if (row !== undefined) this.#rollout.rewards[row] = total;
    agent.episodeReward += reward;
    agent.episodeLength++;
    this.#groups?.settle(agent, reward, steps.groupRewards[index]);
  }

  /**
   * Notes what a recurrent policy remembers after the decisions in `count` rows
   * from `first`, `[count, n]`.
   */
  remember(first: number, count: number, memories: Float32Array): void {
    const size = this.#memorySize;
    if (size === 0) return;
    for (const agent of this.#agents.values()) {
      const at = (agent.rows.at(-1) ?? -1) - first;
      if (at < 0 || at >= count) continue;
      agent.memory.set(memories.subarray(at * size, (at + 1) * size));
    }
  }

  /** Values of the policy's memory, the first network's. */
  get #memorySize(): number {
    return this.#rollout.memorySizes[0] ?? 0;
  }

  /**
   * Forgets rows of finished pieces, unless mates of unfinished ones see them,
   * and makes the rest contiguous; returns where each remaining row went, by its
   * old number.
   */
  compact(): Int32Array {
    const { groups } = this.#rollout;
    const kept = new Set<number>();
    for (const { rows } of this.#agents.values()) {
      for (const row of rows) {
        kept.add(row);
        groups?.of(row).forEach((mate) => kept.add(mate));
      }
    }
    const order = Int32Array.from(kept).sort();
    const moved = new Int32Array(this.#rollout.size).fill(-1);
    order.forEach((from, to) => moved[from] = to);
    for (const agent of this.#agents.values()) {
      agent.rows = agent.rows.map((row) => moved[row]);
    }
    this.#rollout.keep(order);
    return moved;
  }

  /** Drops all experience but keeps counting the agents' episodes. */
  forgetRows(): void {
    for (const agent of this.#agents.values()) agent.rows = [];
    this.#rollout.clear();
  }

  /** Drops the unfinished experience of one source. */
  forgetSource(source: number): void {
    for (const key of this.#agents.keys()) {
      if (sourceOf(key) === source) this.#agents.delete(key);
    }
    this.#groups?.forget((key) => sourceOf(key) === source);
  }

  /** Drops all unfinished experience. */
  forgetAgents(): void {
    this.#agents.clear();
    this.#groups?.forget();
  }

  snapshot(): NamedArrays {
    const agents = [...this.#agents.values()];
    return {
      ...addPrefix("rollout.", this.#rollout.snapshot()),
      keys: vectorArray(Float64Array.from(this.#agents.keys())),
      rewards: vectorArray(
        Float64Array.from(agents, ({ episodeReward }) => episodeReward),
      ),
      lengths: vectorArray(
        Int32Array.from(agents, ({ episodeLength }) => episodeLength),
      ),
      counts: vectorArray(Int32Array.from(agents, ({ rows }) => rows.length)),
      rows: vectorArray(Int32Array.from(agents.flatMap(({ rows }) => rows))),
      ...(this.#memorySize > 0 && {
        memories: vectorArray(
          Float32Array.from(agents.flatMap(({ memory }) => [...memory])),
        ),
      }),
      ...(this.#groups && addPrefix("groups.", this.#groups.snapshot(agents))),
    };
  }

  restore(state: NamedArrays): void {
    this.#rollout.restore(takePrefix("rollout.", state));
    this.#agents.clear();
    const numbers = (name: string) =>
      Array.from(arrayNamed(state, name).data, Number);
    const [keys, rewards, lengths, counts, rows] = [
      "keys",
      "rewards",
      "lengths",
      "counts",
      "rows",
    ].map(numbers);
    const memories = this.#memorySize > 0 ? numbers("memories") : [];
    keys.forEach((key, i) => {
      const agent = this.#createAgent(key);
      agent.rows = rows.splice(0, counts[i]);
      agent.episodeReward = rewards[i];
      agent.episodeLength = lengths[i];
      agent.memory.set(memories.splice(0, this.#memorySize));
    });
    const agents = [...this.#agents.values()];
    this.#groups?.restore(takePrefix("groups.", state), agents);
  }
}

function episodeOf(agent: Agent): EpisodeEnd {
  const { episodeReward: reward, episodeLength: length, group } = agent;
  return group?.members.size === 0
    ? { reward, length, groupReward: agent.groupReturn }
    : { reward, length };
}

/** One number for an agent or group of one source; ids may be negative. */
function keyOf(source: number, id: number): number {
  return source * idCount + (id >>> 0);
}

/** The source of an agent, by the agent's number. */
export function sourceOf(key: number): number {
  return Math.floor(key / idCount);
}
