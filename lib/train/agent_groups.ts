/** Groups of agents: who lives, who sees whom, and what all earn together. */
import type { MateTable } from "../data/mate_table.ts";
import type { Rollout } from "../data/rollout.ts";
import type { DecisionSteps } from "../env/env.ts";
import { arrayNamed, type NamedArrays, vectorArray } from "../util/arrays.ts";

/** What a group knows of an agent. */
export interface GroupMember {
  /** Of its decisions; the newest one's is the last. */
  readonly rows: readonly number[];
  /** None for an agent on its own. */
  group: AgentGroup | null;
  /** What the group had earned when the newest decision was made. */
  earnedBefore: number;
  /** Group rewards of the episode so far. */
  groupReturn: number;
}

/** Agents that live at the same time. */
export interface AgentGroup {
  readonly key: number;
  readonly members: Set<GroupMember>;
  /** Own rewards of all members so far, group rewards excluded. */
  earned: number;
}

/** A member's end. */
export interface Ending {
  readonly member: GroupMember;
  /** Row of the last observation after an interruption; -1 after a true end. */
  readonly bootstrapRow: number;
}

/** The outcome of a decision in this round. */
interface Outcome {
  readonly member: GroupMember;
  readonly group: AgentGroup;
  /** Undefined where rows are not kept. */
  readonly row: number | undefined;
  readonly own: number;
  readonly total: number;
}

/**
 * Follows the groups of all sources from round to round. A round's ends and
 * decisions are all noted before anything is made of them (F-8):
 *
 * - mates of a decision are the decisions of its group in this round (F-7);
 * - the reward of a decision is what the group's members have received between
 *   it and the agent's next record, so each reward counts once for each of them,
 *   however often they decide (reference 5);
 * - what follows an agent's end is the state of those who live on, and of those
 *   who were interrupted in this round; nothing, if there are none. After an
 *   interruption it is without members that have joined in this round, who may
 *   stand for the agent itself. Agents that begin in a round in which a group
 *   has ended are another group.
 */
export class AgentGroups {
  readonly #rollout: Rollout;
  readonly #mates: MateTable;
  readonly #groups = new Map<number, AgentGroup>();
  #outcomes: Outcome[] = [];
  #decided: GroupMember[] = [];
  /** Who has joined a group in this round. */
  readonly #joined = new Set<GroupMember>();

  constructor(rollout: Rollout, mates: MateTable) {
    this.#rollout = rollout;
    this.#mates = mates;
  }

  /** Notes what followed the member's newest decision. */
  settle(
    member: GroupMember,
    reward: number,
    groupReward: number,
  ): void {
    const { group } = member;
    if (!group) return;
    group.earned += reward;
    member.groupReturn += groupReward;
    this.#outcomes.push({
      member,
      group,
      row: member.rows.at(-1),
      own: reward,
      total: reward + groupReward,
    });
  }

  /** Notes that a member has ended. */
  leave(member: GroupMember): void {
    const { group } = member;
    if (!group) return;
    group.members.delete(member);
    if (group.members.size === 0) this.#groups.delete(group.key);
  }

  /**
   * Notes the decisions of one source, whose rows begin with `first` and whose
   * groups are kept apart from others' by `keyOf`.
   */
  decide(
    { groupIds }: DecisionSteps,
    members: readonly GroupMember[],
    first: number,
    keyOf: (groupId: number) => number,
  ): void {
    const rows = new Map<number, number[]>();
    members.forEach((member, i) => {
      const id = groupIds[i];
      this.#join(member, id === 0 ? null : keyOf(id));
      this.#decided.push(member);
      if (id === 0) return;
      const together = rows.get(id);
      if (together) together.push(first + i);
      else rows.set(id, [first + i]);
    });
    for (const together of rows.values()) this.#introduce(together, together);
  }

  /**
   * Ends the round: shares the rewards among mates and returns the row of the
   * state that followed each of the endings, -1 where nothing did.
   */
  close(endings: readonly Ending[]): readonly number[] {
    this.#share();
    // Only now: a member may have made room for another in the same round.
    for (const { key, members } of this.#groups.values()) {
      if (members.size === 0) this.#groups.delete(key);
    }
    const interrupted = new Map<AgentGroup, number[]>();
    for (const { member: { group }, bootstrapRow } of endings) {
      if (!group || bootstrapRow < 0) continue;
      const rows = interrupted.get(group);
      if (rows) rows.push(bootstrapRow);
      else interrupted.set(group, [bootstrapRow]);
    }
    const following = endings.map(({ member: { group }, bootstrapRow }) => {
      if (!group) return bootstrapRow;
      const present = [...group.members].flatMap((other) =>
        bootstrapRow >= 0 && this.#joined.has(other) ? [] : other.rows.slice(-1)
      );
      present.push(...interrupted.get(group) ?? []);
      if (bootstrapRow >= 0) {
        this.#introduce([bootstrapRow], present);
        return bootstrapRow;
      }
      if (present.length === 0) return -1;
      // The agent itself is no more: another one stands in its place.
      const row = this.#rollout.appendState(present[0]);
      this.#mates.set(row, present.slice(1));
      return row;
    });
    this.#joined.clear();
    return following;
  }

  /** Drops the groups of a source, or of all. */
  forget(isOfSource: (key: number) => boolean = () => true): void {
    for (const key of this.#groups.keys()) {
      if (isOfSource(key)) this.#groups.delete(key);
    }
  }

  snapshot(members: readonly GroupMember[]): NamedArrays {
    const groups = [...this.#groups.values()];
    const places = new Map(members.map((member, i) => [member, i]));
    const inGroups = groups.flatMap((group) => [...group.members]);
    const numbers = (values: number[]) =>
      vectorArray(Float64Array.from(values));
    return {
      keys: numbers(groups.map(({ key }) => key)),
      earned: numbers(groups.map(({ earned }) => earned)),
      counts: numbers(groups.map(({ members }) => members.size)),
      // Numbers among the given members, group by group.
      members: numbers(inGroups.map((member) => places.get(member) ?? -1)),
      earnedBefore: numbers(members.map(({ earnedBefore }) => earnedBefore)),
      returns: numbers(members.map(({ groupReturn }) => groupReturn)),
    };
  }

  /** Brings the members, in the order of the snapshot, into their groups. */
  restore(state: NamedArrays, members: readonly GroupMember[]): void {
    const numbers = (name: string) =>
      Array.from(arrayNamed(state, name).data, Number);
    const earnedBefore = numbers("earnedBefore");
    const returns = numbers("returns");
    members.forEach((member, i) => {
      member.earnedBefore = earnedBefore[i];
      member.groupReturn = returns[i];
    });
    this.#groups.clear();
    const [earned, counts, inGroups] = ["earned", "counts", "members"]
      .map(numbers);
    numbers("keys").forEach((key, i) => {
      const own = inGroups.splice(0, counts[i]).map((place) => members[place]);
      const group = { key, members: new Set(own), earned: earned[i] };
      this.#groups.set(key, group);
      for (const member of own) member.group = group;
    });
  }

  #join(member: GroupMember, key: number | null): void {
    if ((member.group?.key ?? null) === key) return;
    member.group?.members.delete(member);
    member.group = null;
    if (key === null) return;
    const known = this.#groups.get(key);
    const group = known ?? { key, members: new Set(), earned: 0 };
    this.#groups.set(key, group);
    group.members.add(member);
    member.group = group;
    this.#joined.add(member);
  }

  /** Gives each of `rows` all others of `together` as its mates. */
  #introduce(rows: readonly number[], together: readonly number[]): void {
    if (together.length < 2) return;
    for (const row of rows) {
      this.#mates.set(row, together.filter((other) => other !== row));
    }
  }

  #share(): void {
    for (const { member, group, row, own, total } of this.#outcomes) {
      const mates = group.earned - member.earnedBefore - own;
      if (row !== undefined) this.#rollout.rewards[row] = total + mates;
    }
    for (const member of this.#decided) {
      member.earnedBefore = member.group?.earned ?? 0;
    }
    this.#outcomes = [];
    this.#decided = [];
  }
}
