/** The environment parameters of a simulator and the draws from samplers. */
import { nearestName, UserError } from "../../errors.ts";
import type { NamedArrays } from "../../util/arrays.ts";
import { RandomGenerator } from "../../util/random.ts";
import { checkParameter } from "../check_parameter.ts";
import type { EnvironmentParameter } from "../env.ts";
import { savedArray } from "./saved_state.ts";

/** A parameter as numbers, so that it can be compared and saved. */
interface Sampler {
  /**
   * Kind, seed, then mean and standard deviation (Gaussian) or lower and upper
   * ends of intervals. A plain number is an interval without length.
   */
  readonly numbers: Float64Array;
  readonly random: RandomGenerator;
}

const Kind = { intervals: 0, gaussian: 1 } as const;

/**
 * Holds parameters by name and draws from samplers, each with a random
 * sequence of its own. All of it can be saved and restored.
 */
export class ParameterReader {
  readonly #samplers = new Map<string, Sampler>();
  readonly #seed: number;
  readonly #known: readonly string[];

  /** `known` are the parameters that the simulator reads. */
  constructor(seed: number, known: readonly string[]) {
    this.#seed = seed;
    this.#known = known;
  }

  /**
   * Sets parameters; the others stay. A sampler that is set again unchanged
   * goes on with its sequence. Throws a UserError for an unknown parameter
   * and for a sampler that cannot be drawn from.
   */
  set(parameters: Readonly<Record<string, EnvironmentParameter>>): void {
    for (const [name, parameter] of Object.entries(parameters)) {
      this.#checkName(name);
      checkParameter(name, parameter);
      const numbers = Float64Array.from(asNumbers(parameter));
      const present = this.#samplers.get(name);
      if (present?.numbers.join() === numbers.join()) continue;
      this.#samplers.set(name, this.#sampler(name, numbers));
    }
  }

  /** A value of the parameter: a fresh draw for a sampler. */
  read(name: string, fallback: number): number {
    const sampler = this.#samplers.get(name);
    if (!sampler) return fallback;
    const { numbers, random } = sampler;
    return numbers[0] === Kind.gaussian
      ? numbers[2] + numbers[3] * random.normal()
      : drawFromIntervals(numbers.subarray(2), random);
  }

  /** The parameters and their random states, two arrays for each. */
  snapshot(): NamedArrays {
    const entries = [...this.#samplers].flatMap(([name, sampler]) => [
      [
        `parameter/${name}`,
        { data: sampler.numbers.slice(), shape: [sampler.numbers.length] },
      ],
      [`parameter_random/${name}`, sampler.random.snapshot()],
    ]);
    return Object.fromEntries(entries);
  }

  /** Continues from a snapshot; parameters that it lacks are forgotten. */
  restore(state: NamedArrays): void {
    this.#samplers.clear();
    for (const name of this.#known) {
      const saved = state[`parameter/${name}`];
      if (!saved) continue;
      const sampler = this.#sampler(
        name,
        Float64Array.from(saved.data, Number),
      );
      const random = savedArray(state, `parameter_random/${name}`, 4);
      sampler.random.restore(random);
      this.#samplers.set(name, sampler);
    }
  }

  #sampler(name: string, numbers: Float64Array): Sampler {
    // The simulator's own seed keeps parallel simulators from drawing alike.
    const stream = `parameter ${name} ${this.#seed}`;
    return { numbers, random: new RandomGenerator(numbers[1], stream) };
  }

  #checkName(name: string): void {
    if (this.#known.includes(name)) return;
    const nearest = nearestName(name, this.#known);
    throw new UserError({
      what: "The simulator has no such environment parameter",
      path: `environment_parameters.${name}`,
      allowed: this.#known.join(", ") || "none",
      cure: nearest && `Did you mean "${nearest}"?`,
    });
  }
}

/** See {@link Sampler}'s numbers. */
function asNumbers(parameter: EnvironmentParameter): number[] {
  if (typeof parameter === "number") {
    return [Kind.intervals, 0, parameter, parameter];
  }
  const { seed } = parameter;
  switch (parameter.kind) {
    case "uniform":
      return [Kind.intervals, seed, parameter.min, parameter.max];
    case "gaussian":
      return [Kind.gaussian, seed, parameter.mean, parameter.stDev];
    case "multirangeuniform":
      return [Kind.intervals, seed, ...parameter.intervals.flat()];
  }
}

/** Uniform over all intervals: each is chosen with a chance by its length. */
function drawFromIntervals(ends: Float64Array, random: RandomGenerator) {
  let total = 0;
  for (let i = 0; i < ends.length; i += 2) total += ends[i + 1] - ends[i];
  let rest = total * random.uniform();
  let i = 0;
  while (i < ends.length - 2 && rest >= ends[i + 1] - ends[i]) {
    rest -= ends[i + 1] - ends[i];
    i += 2;
  }
  return ends[i] + rest;
}
