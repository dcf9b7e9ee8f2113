/** Acts with a model for Unity, whoever has trained it. */
import type { ActionColumns, DecisionSteps } from "../env/env.ts";
import { UserError } from "../errors.ts";
import { type ActingModel, actingModel } from "../onnx/acting_model.ts";
import { fitModel } from "../onnx/fit_model.ts";
import type { ModelInput } from "../onnx/model_inputs.ts";
import { type ReadUnityModel, unityNames } from "../onnx/read_unity_model.ts";
import { NativeSession } from "../runtime/native_session.ts";
import { type BehaviorSpec, observationSize } from "../spec.ts";
import type { NamedArray, NamedArrays } from "../util/arrays.ts";
import type { RandomGenerator } from "../util/random.ts";

export interface ModelActorOptions {
  readonly behavior: string;
  readonly spec: BehaviorSpec;
  readonly random: RandomGenerator;
  /** Takes the likeliest actions instead of drawing. */
  readonly deterministic: boolean;
}

/** Actions, and what the agents remember: `[rows, memory size]`. */
export interface ModelActions {
  readonly actions: ActionColumns;
  readonly memory: Float32Array;
}

/** Runs on the calling thread, like acting with a policy of our own. */
export class ModelActor {
  readonly #model: ReadUnityModel;
  readonly #options: ModelActorOptions;
  readonly #inputs: readonly ModelInput[];
  readonly #acting: ActingModel;
  readonly #session: NativeSession;

  /** Throws UserError when the model does not fit, or cannot be run. */
  constructor(model: ReadUnityModel, options: ModelActorOptions) {
    const { behavior, spec, deterministic } = options;
    this.#model = model;
    this.#options = options;
    this.#inputs = fitModel(model, behavior, spec);
    this.#acting = actingModel(model, deterministic);
    this.#session = new NativeSession(this.#acting.bytes, { threads: 1 });
  }

  /**
   * Chooses actions for the agents of all `decisions`, one after the other;
   * `memory` `[rows, memory size]` is what they remember. Throws UserError when
   * an action is not a number.
   */
  act(
    decisions: readonly DecisionSteps[],
    memory: Float32Array,
  ): ModelActions {
    const rows = decisions.reduce((sum, { count }) => sum + count, 0);
    const { continuousSize, discreteBranches } = this.#options.spec.actionSpec;
    if (rows === 0) {
      const actions = {
        continuous: new Float32Array(),
        discrete: new Int32Array(),
      };
      return { actions, memory };
    }
    const { continuous, discrete } = this.#acting;
    const outputs = this.#session.run(this.#feeds(decisions, rows, memory));
    const actions = {
      continuous: new Float32Array(rows * continuousSize),
      discrete: new Int32Array(rows * discreteBranches.length),
    };
    if (continuous !== null) {
      this.#limit(outputs[continuous], actions.continuous);
    }
    if (discrete !== null) this.#choose(outputs[discrete], actions.discrete);
    return {
      actions,
      memory: memory.length > 0
        ? float32(outputs[unityNames.memoryAfter])
        : memory,
    };
  }

  close(): void {
    this.#session.close();
  }

  #feeds(
    decisions: readonly DecisionSteps[],
    rows: number,
    memory: Float32Array,
  ): NamedArrays {
    const { takesMasks, memorySize, branchTotal: choices } = this.#model;
    const feeds: Record<string, NamedArray> = {};
    for (const input of this.#inputs) {
      feeds[input.name] = {
        data: this.#gather(input, decisions, rows),
        shape: [rows, ...input.shape],
      };
    }
    if (takesMasks) {
      feeds[unityNames.masks] = {
        data: gatherMasks(decisions, rows, choices),
        shape: [rows, choices],
      };
    }
    if (memorySize > 0) {
      feeds[unityNames.memoryBefore] = {
        data: memory,
        shape: [rows, 1, memorySize],
      };
    }
    for (const { name, kind, width } of this.#acting.noise) {
      feeds[name] = {
        data: this.#draw(kind, rows * width),
        shape: [rows, width],
      };
    }
    return feeds;
  }

  /** The columns of an input's sensors, side by side: `[rows, ...]`. */
  #gather(
    { sensors }: ModelInput,
    decisions: readonly DecisionSteps[],
    rows: number,
  ): Float32Array {
    const { observationSpecs } = this.#options.spec;
    const sizes = sensors.map((each) =>
      observationSize(observationSpecs[each])
    );
    const width = sizes.reduce((sum, size) => sum + size, 0);
    const all = new Float32Array(rows * width);
    let end = 0;
    for (const { observations, count } of decisions) {
      if (sensors.length === 1) {
        const [column] = sensors.map((sensor) => observations[sensor]);
        all.set(column.subarray(0, count * width), end);
        end += count * width;
        continue;
      }
      for (let row = 0; row < count; row++) {
        sensors.forEach((sensor, i) => {
          const start = row * sizes[i];
          const values = observations[sensor].subarray(start, start + sizes[i]);
          all.set(values, end);
          end += sizes[i];
        });
      }
    }
    return all;
  }

  #draw(kind: "normal" | "gumbel", length: number): Float32Array {
    const noise = new Float32Array(length);
    const { random, deterministic } = this.#options;
    if (deterministic) return noise;
    for (let i = 0; i < length; i++) noise[i] = random[kind]();
    return noise;
  }

  /** Within -1..1: the deterministic output of some trainers leaves that. */
  #limit(given: NamedArray, limited: Float32Array): void {
    const { continuousSize } = this.#options.spec.actionSpec;
    const values = float32(given);
    for (let i = 0; i < limited.length; i++) {
      if (Number.isNaN(values[i])) {
        throw new UserError({
          place: { file: this.#model.path },
          path: this.#options.behavior,
          what: `the model's action ${i % continuousSize} is not a number`,
          cure: "Check the game's observations for huge values, or use " +
            "another model.",
        });
      }
      limited[i] = Math.max(-1, Math.min(values[i], 1));
    }
  }

  /** Indices as they are; from log-probabilities the largest, with noise. */
  #choose(given: NamedArray, chosen: Int32Array): void {
    const { discreteBranches } = this.#options.spec.actionSpec;
    if (this.#model.version === 3) {
      for (let i = 0; i < chosen.length; i++) chosen[i] = Number(given.data[i]);
      return;
    }
    const scores = float32(given);
    const noise = this.#draw("gumbel", scores.length);
    let start = 0;
    for (let i = 0; i < chosen.length; i++) {
      const size = discreteBranches[i % discreteBranches.length];
      const score = (choice: number) =>
        scores[start + choice] + noise[start + choice];
      let best = 0;
      for (let choice = 1; choice < size; choice++) {
        if (score(choice) > score(best)) best = choice;
      }
      chosen[i] = best;
      start += size;
    }
  }
}

/** `[rows, choices]`, 1 = allowed; decisions without masks allow all. */
function gatherMasks(
  decisions: readonly DecisionSteps[],
  rows: number,
  choices: number,
): Float32Array {
  const masks = new Float32Array(rows * choices).fill(1);
  let end = 0;
  for (const { actionMask, count } of decisions) {
    if (actionMask) masks.set(actionMask.subarray(0, count * choices), end);
    end += count * choices;
  }
  return masks;
}

function float32({ data }: NamedArray): Float32Array {
  if (data instanceof Float32Array) return data;
  throw new TypeError("expected float32");
}
