/** Who trains the behaviors of which environment. */
import { UserError } from "../errors.ts";
import {
  type BehaviorSpec,
  parseBehaviorName,
  specDifference,
} from "../spec.ts";
import { checkObservations } from "./check_observations.ts";
import { namedProblem } from "./named_problem.ts";
import type { Member } from "./pool_member.ts";
import type { Arrival, SourceActions, Trainer } from "./trainer.ts";

/** One behavior, team included, of one member. */
interface Source {
  readonly member: Member;
  readonly fullName: string;
  readonly trainer: Trainer;
}

/**
 * All behaviors of all environments. Teams of one name, and environments, share
 * a trainer; each behavior of each environment is a source with a number that
 * it keeps, also when the environment is started again.
 */
export class Roster {
  readonly #createTrainer: (
    behavior: string,
    spec: BehaviorSpec,
  ) => Promise<Trainer>;
  readonly #trainers = new Map<string, Trainer>();
  readonly #sources: Source[] = [];
  /** By member and full name. */
  readonly #numbers = new Map<Member, Map<string, number>>();
  /** How many behaviors of a member's present environment are known. */
  readonly #known = new Map<Member, number>();

  /** Trainers are made when their behavior is first seen. */
  constructor(
    createTrainer: (behavior: string, spec: BehaviorSpec) => Promise<Trainer>,
  ) {
    this.#createTrainer = createTrainer;
  }

  get trainers(): Iterable<Trainer> {
    return this.#trainers.values();
  }

  /**
   * Takes in behaviors that have appeared; returns the new trainers. Throws a
   * UserError if one looks otherwise than in another environment or before.
   */
  async enlist(members: readonly Member[]): Promise<readonly Trainer[]> {
    const newcomers: Trainer[] = [];
    for (const member of members) {
      const { behaviorSpecs } = member.environment;
      if (this.#known.get(member) === behaviorSpecs.size) continue;
      const numbers = this.#numbers.get(member) ?? new Map<string, number>();
      this.#numbers.set(member, numbers);
      for (const [fullName, spec] of behaviorSpecs) {
        const { name } = parseBehaviorName(fullName);
        let trainer = this.#trainers.get(name);
        if (!trainer) {
          trainer = await this.#createTrainer(name, spec);
          this.#trainers.set(name, trainer);
          newcomers.push(trainer);
        }
        checkSpec(member, fullName, trainer.spec, spec);
        if (numbers.has(fullName)) continue;
        numbers.set(fullName, this.#sources.length);
        this.#sources.push({ member, fullName, trainer });
      }
      this.#known.set(member, behaviorSpecs.size);
    }
    return newcomers;
  }

  /**
   * The records of members that have arrived, by who takes them in. Throws
   * UserError on an observation that is no number.
   */
  sort(members: readonly Member[]): ReadonlyMap<Trainer, readonly Arrival[]> {
    const sorted = new Map<Trainer, Arrival[]>();
    for (const member of members) {
      const { environment } = member;
      for (const fullName of environment.behaviorSpecs.keys()) {
        const source = this.#numbers.get(member)?.get(fullName);
        if (source === undefined) throw new RangeError(fullName);
        const steps = environment.getSteps(fullName);
        if (steps.decision.count + steps.terminal.count === 0) continue;
        const { trainer } = this.#sources[source];
        if (!environment.hasFiniteObservations) {
          checkObservations(member, fullName, trainer.spec, steps);
        }
        const arrival = { source, steps };
        const arrivals = sorted.get(trainer);
        if (arrivals) arrivals.push(arrival);
        else sorted.set(trainer, [arrival]);
      }
    }
    return sorted;
  }

  /** Hands actions to their environment. */
  deliver({ source, actions }: SourceActions): void {
    const { member, fullName } = this.#sources[source];
    member.environment.setActions(fullName, actions);
  }

  /** A member was lost: what its agents left unfinished is dropped. */
  forget(member: Member): void {
    this.#known.delete(member);
    for (const source of this.#numbers.get(member)?.values() ?? []) {
      this.#sources[source].trainer.forgetUnfinished(source);
    }
  }
}

/** Throws a UserError if `found` does not fit what is being trained. */
function checkSpec(
  { name }: Member,
  fullName: string,
  known: BehaviorSpec,
  found: BehaviorSpec,
): void {
  const difference = specDifference(known, found);
  if (difference === null) return;
  throw new UserError(namedProblem(name, {
    path: fullName,
    what: "the behavior is not what it was when its training began",
    found: difference,
    cure: "Use one build for all players and leave it as it is during a run; " +
      "all teams of a behavior need the same sensors and actions.",
  }));
}
