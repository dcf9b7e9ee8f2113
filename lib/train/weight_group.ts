/** Weights that one update program moves, with their optimiser state. */
import { updateNames } from "../algo/update_program.ts";
import { UserError } from "../errors.ts";
import { adamSchedule } from "../nn/optimizer.ts";
import type { ParameterSpec } from "../nn/parameters.ts";
import { lowerProgram } from "../onnx/lower.ts";
import type { ProgramSession } from "../runtime/program_session.ts";
import type { WorkerRuntime } from "../runtime/worker_runtime.ts";
import type { Program } from "../tensor/program.ts";
import {
  addPrefix,
  arrayNamed,
  copyArrays,
  type NamedArrays,
  scalarArray,
  takePrefix,
  vectorArray,
} from "../util/arrays.ts";

/** The given weights among all. */
export function pickWeights(
  parameters: readonly ParameterSpec[],
  weights: NamedArrays,
): NamedArrays {
  return Object.fromEntries(
    parameters.map(({ name }) => [name, arrayNamed(weights, name)]),
  );
}

export class WeightGroup {
  readonly #name: string;
  #session: ProgramSession | null = null;
  #inputs: readonly string[] = [];
  #weights: NamedArrays;
  #moments: NamedArrays;
  /** Steps that the optimiser has made. */
  #steps = 0;

  /** A group that `program` moves, whose threads set it up in the meantime. */
  static create(
    name: string,
    runtime: WorkerRuntime,
    program: Program,
    weights: NamedArrays,
    threads: number,
  ): WeightGroup {
    const group = new WeightGroup(name, weights);
    const model = lowerProgram(program);
    group.use(program, runtime.loadBeside(model, { threads }));
    return group;
  }

  constructor(name: string, weights: NamedArrays) {
    this.#name = name;
    this.#weights = weights;
    this.#moments = zeroMoments(weights);
  }

  /** The weights are moved by this program from now on. */
  use(program: Program, session: ProgramSession): void {
    this.close();
    this.#session = session;
    this.#inputs = program.inputs.map(({ attributes }) => attributes.name);
  }

  /** What moves the weights; null before it is in use. */
  get session(): ProgramSession | null {
    return this.#session;
  }

  get weights(): NamedArrays {
    return this.#weights;
  }

  /**
   * Makes so many `steps`. Takes what it needs of `feeds` and leaves them as
   * they are. The outputs are for {@link accept}. A program must be in use.
   */
  async run(
    feeds: NamedArrays,
    steps: number,
    learningRate: number,
  ): Promise<NamedArrays> {
    const adam = adamSchedule(learningRate, this.#steps, steps);
    const known = Object.entries(feeds).filter(([name]) =>
      this.#inputs.includes(name)
    );
    const all = new Float32Array(steps).fill(1);
    if (!this.#session) throw new Error(`no program moves "${this.#name}"`);
    const outputs = await this.#session.run(copyArrays({
      ...this.#weights,
      ...this.#moments,
      ...Object.fromEntries(known),
      [updateNames.rate]: vectorArray(adam.rate),
      [updateNames.epsilon]: vectorArray(adam.epsilon),
    }));
    // Programs that cannot stop do not say that they went on.
    return { [updateNames.learned]: vectorArray(all), ...outputs };
  }

  /** Takes over what a run has made of the weights. */
  accept(outputs: NamedArrays): void {
    const next = (present: NamedArrays) =>
      Object.fromEntries(
        Object.keys(present).map((
          name,
        ) => [name, arrayNamed(outputs, updateNames.next + name)]),
      );
    const { data } = arrayNamed(outputs, updateNames.learned);
    for (const learned of data) this.#steps += Number(learned);
    this.#weights = next(this.#weights);
    this.#moments = next(this.#moments);
  }

  snapshot(): NamedArrays {
    const optimizer = { ...this.#moments, ...this.#counted };
    return { ...this.#weights, ...addPrefix(this.#prefix, optimizer) };
  }

  /** Throws UserError when the state is of another network. */
  restore(state: NamedArrays): void {
    this.initialize(state);
    const own = takePrefix(this.#prefix, state);
    this.#moments = takeFitting(this.#moments, own);
    const { "adam.steps": steps } = takeFitting(this.#counted, own);
    this.#steps = Number(steps.data[0]);
  }

  /** Takes over weights only. Throws UserError when they do not fit. */
  initialize(state: NamedArrays): void {
    const weights = takeFitting(this.#weights, state);
    refuseOthers(weights, state);
    this.#weights = weights;
  }

  get #counted() {
    return { "adam.steps": scalarArray(this.#steps) };
  }

  /** Moments of several groups share names: weights do not. */
  get #prefix(): string {
    return `${this.#name}.`;
  }

  close(): void {
    this.#session?.close();
  }
}

function zeroMoments(weights: NamedArrays): NamedArrays {
  let size = 0;
  for (const { data } of Object.values(weights)) size += data.length;
  const zeros = () => ({ data: new Float32Array(size), shape: [size] });
  return { [updateNames.first]: zeros(), [updateNames.second]: zeros() };
}

/** Throws UserError when the same networks have further weights in `state`. */
function refuseOthers(weights: NamedArrays, state: NamedArrays): void {
  const networkOf = (name: string) => name.split(".", 1)[0];
  const networks = new Set(Object.keys(weights).map(networkOf));
  const other = Object.keys(state).find((name) =>
    networks.has(networkOf(name)) && !(name in weights) &&
    name.split(".")[1] !== networkOf(updateNames.first)
  );
  if (other === undefined) return;
  throw new UserError({
    what: "the checkpoint is of a larger network than this run's",
    found: `"${other}" [${state[other].shape.join(", ")}]`,
    allowed: "nothing of that name",
    cure: "Use the network settings and the environment that the " +
      "checkpoint was trained with, or start a new run.",
  });
}

/** The arrays of `state` that replace `present`. Throws UserError on a misfit. */
export function takeFitting(
  present: NamedArrays,
  state: NamedArrays,
): NamedArrays {
  return Object.fromEntries(
    Object.entries(present).map(([name, { shape }]) => {
      const array = state[name];
      if (array && array.shape.join() === shape.join()) return [name, array];
      throw new UserError({
        what: `the checkpoint's "${name}" does not fit this run`,
        found: array ? `[${array.shape.join(", ")}]` : "nothing of that name",
        allowed: `[${shape.join(", ")}]`,
        cure: "Use the network settings and the environment that the " +
          "checkpoint was trained with, or start a new run.",
      });
    }),
  );
}
