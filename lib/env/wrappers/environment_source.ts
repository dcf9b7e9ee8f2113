import { UserError } from "../../errors.ts";
import type { Environment, EnvironmentParameter } from "../env.ts";

/** An environment, or how to make one of a seed. */
export type EnvironmentSource =
  | Environment
  | ((seed: number) => Environment | Promise<Environment>);

/** How a wrapped environment begins anew. */
export interface ResetOptions {
  /** Makes the environment anew with this seed. */
  readonly seed?: number;
  /** Environment parameters, which stay until they are set again. */
  readonly options?: Readonly<Record<string, EnvironmentParameter>>;
}

/** The environment of a wrapper, made anew where a seed wants it. */
export class SeededEnvironment {
  readonly #make: ((seed: number) => Environment | Promise<Environment>) | null;
  #environment: Environment;
  #parameters: Readonly<Record<string, EnvironmentParameter>> = {};

  private constructor(source: EnvironmentSource, environment: Environment) {
    this.#make = typeof source === "function" ? source : null;
    this.#environment = environment;
  }

  /** Makes the environment if that is to be done. */
  static async open(
    source: EnvironmentSource,
    seed: number,
  ): Promise<SeededEnvironment> {
    const made = typeof source === "function" ? await source(seed) : source;
    return new SeededEnvironment(source, made);
  }

  get environment(): Environment {
    return this.#environment;
  }

  /**
   * Resets the environment. Throws a UserError for a seed if the environment
   * was not made here.
   */
  async reset({ seed, options = {} }: ResetOptions): Promise<void> {
    const parameters = { ...this.#parameters, ...options };
    if (seed === undefined) this.#environment.setParameters(options);
    else {
      if (!this.#make) throw cannotBeSeeded(seed);
      await this.#environment.close();
      this.#environment = await this.#make(seed);
      this.#environment.setParameters(parameters);
    }
    this.#parameters = parameters;
    await this.#environment.reset();
  }

  async close(): Promise<void> {
    await this.#environment.close();
  }
}

function cannotBeSeeded(seed: number): UserError {
  return new UserError({
    what: "An environment cannot be given another seed once it is there",
    found: `seed ${seed}`,
    cure: "Wrap a function that makes one, such as " +
      '(seed) => createSimulator("Basic", { seed }).',
  });
}
