/** Chooses actions with the newest weights. */
import { actNames, actProgram } from "../algo/act_program.ts";
import { columnNames } from "../algo/column_names.ts";
import type { PolicyNetworks } from "../algo/policy_networks.ts";
import type { Rollout } from "../data/rollout.ts";
import type { ActionColumns } from "../env/env.ts";
import { UserError } from "../errors.ts";
import { lowerProgram } from "../onnx/lower.ts";
import { NativeSession } from "../runtime/native_session.ts";
import { branchTotal } from "../spec.ts";
import {
  arrayNamed,
  type NamedArray,
  type NamedArrays,
} from "../util/arrays.ts";
import type { RandomGenerator } from "../util/random.ts";

/** Chosen actions, and what a recurrent policy remembers after them. */
export interface ActedColumns extends ActionColumns {
  /** `[count, n]`; empty without memory. */
  readonly memory: Float32Array;
}

/**
 * Acts on the calling thread: for the few agents of a scene a call costs less
 * than a message to another thread.
 */
export class PolicyActor {
  #session: NativeSession | undefined;
  #weights: NamedArrays = {};
  #statistics: NamedArrays = {};
  readonly #networks: PolicyNetworks;
  readonly #random: RandomGenerator;
  readonly #deterministic: boolean;

  constructor(
    networks: PolicyNetworks,
    random: RandomGenerator,
    deterministic: boolean,
  ) {
    this.#networks = networks;
    this.#random = random;
    this.#deterministic = deterministic;
  }

  /**
   * Takes over new weights or normaliser statistics; others are left out. New
   * weights are compiled in: that costs a millisecond or two and takes a third
   * off every call until the next ones come.
   */
  publish(values: NamedArrays): void {
    const pick = (names: readonly string[]) =>
      Object.fromEntries(
        names.filter((name) => name in values).map((name) => [
          name,
          values[name],
        ]),
      );
    const networks = this.#networks;
    const weights = pick(
      networks.parametersOf("actor").map(({ name }) => name),
    );
    const statistics = pick(
      networks.normalizerInputs().map(({ attributes }) => attributes.name),
    );
    this.#statistics = { ...this.#statistics, ...statistics };
    if (Object.keys(weights).length > 0) {
      this.#weights = { ...this.#weights, ...weights };
      const program = lowerProgram(actProgram(networks, this.#weights));
      this.#session?.close();
      this.#session = new NativeSession(program, { threads: 1 });
    }
    this.#session?.bind(this.#statistics);
  }

  /**
   * Chooses actions for `count` rows from `first`, writes them into the
   * rollout and returns what the environment takes. Throws UserError when the
   * policy has become not-a-number.
   */
  act(rollout: Rollout, first: number, count: number): ActedColumns {
    const { continuousSize, discreteBranches } = this.#networks.actions;
    const end = first + count;
    const feeds: Record<string, NamedArray> = {};
    rollout.observationSizes.forEach((n, sensor) => {
      feeds[columnNames.observation(sensor)] = {
        data: rollout.observations[sensor].subarray(first * n, end * n),
        shape: [count, n],
      };
    });
    const total = branchTotal(this.#networks.actions);
    if (continuousSize > 0) {
      feeds[actNames.continuousNoise] = this.#noise(
        count,
        continuousSize,
        () => this.#random.normal(),
      );
    }
    if (total > 0) {
      feeds[columnNames.mask] = {
        data: rollout.mask.subarray(first * total, end * total),
        shape: [count, total],
      };
      feeds[actNames.discreteNoise] = this.#noise(
        count,
        total,
        () => this.#random.gumbel(),
      );
    }
    const size = this.#networks.memorySize;
    if (size > 0) {
      feeds[actNames.memory] = {
        data: rollout.memories[0].subarray(first * size, end * size),
        shape: [count, size],
      };
    }
    if (!this.#session) throw new TypeError("no weights were published");
    const outputs = this.#session.run(feeds);
    const scaled = new Float32Array(count * continuousSize);
    if (continuousSize > 0) {
      const { data } = arrayNamed(outputs, actNames.continuous);
      const raw = rollout.continuous.subarray(
        first * continuousSize,
        end * continuousSize,
      );
      raw.set(float32(data));
      this.#networks.sendActions(raw, scaled);
      checkNumbers(scaled);
    }
    const branches = discreteBranches.length;
    const discrete = rollout.discrete.subarray(
      first * branches,
      end * branches,
    );
    if (branches > 0) {
      discrete.set(int32(arrayNamed(outputs, actNames.discrete).data));
    }
    const memory = size > 0
      ? float32(arrayNamed(outputs, actNames.nextMemory).data)
      : new Float32Array(0);
    return { continuous: scaled, discrete, memory };
  }

  close(): void {
    this.#session?.close();
  }

  #noise(count: number, width: number, draw: () => number): NamedArray {
    const data = new Float32Array(count * width);
    if (!this.#deterministic) {
      for (let i = 0; i < data.length; i++) data[i] = draw();
    }
    return { data, shape: [count, width] };
  }
}

function checkNumbers(actions: Float32Array): void {
  for (const value of actions) {
    if (!Number.isNaN(value)) continue;
    throw new UserError({
      what: "the policy's actions are not numbers any more",
      cure: "Training diverged: resume from an earlier checkpoint with a " +
        "smaller learning_rate, or check the observations for huge values.",
    });
  }
}

function float32(data: NamedArray["data"]): Float32Array {
  if (data instanceof Float32Array) return data;
  throw new TypeError("expected float32");
}

function int32(data: NamedArray["data"]): Int32Array {
  if (data instanceof Int32Array) return data;
  throw new TypeError("expected int32");
}
