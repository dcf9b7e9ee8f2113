import { PlainPpo, type PlainWeights } from "./plain_ppo.ts";

type Vector = readonly number[];

const sigmoid = (x: number) => 1 / (1 + Math.exp(-x));

/** What led to an observation. */
interface Past {
  /** By network: h and c side by side, before the first of `observations`. */
  readonly memories: Readonly<Record<string, Vector>>;
  /** Those of the sequence before this one, in order of time. */
  readonly observations: readonly Vector[];
}

/** The plain policy with an LSTM after its bodies, step by step. */
export class PlainRecurrentPpo extends PlainPpo {
  /** By the very array that holds an observation. */
  readonly pasts = new Map<Vector, Past>();

  protected override body(network: string, observation: Vector): Vector {
    const memory = this.memoryAfter(network, observation);
    return memory.slice(0, memory.length / 2);
  }

  /** What a network remembers after an observation. */
  memoryAfter(network: string, observation: Vector): Vector {
    const owner = this.bodyOf(network);
    const past = this.pasts.get(observation);
    if (!past) throw new TypeError("an observation without a past");
    return [...past.observations, observation].reduce(
      (memory, each) =>
        plainLstm(this.weights, owner, memory, super.body(owner, each)),
      past.memories[owner],
    );
  }
}

/**
 * The memory after one step of a network's LSTM over `x`. Gates in the order
 * input, output, forget, candidate.
 */
export function plainLstm(
  weights: PlainWeights,
  network: string,
  memory: Vector,
  x: Vector,
): Vector {
  const size = memory.length / 2;
  const [h, c] = [memory.slice(0, size), memory.slice(size)];
  const weight = (name: string) => weights[`${network}.lstm.${name}`].values;
  const [input, recurrent] = ["input_weight", "recurrent_weight"].map(weight);
  const [first, second] = ["input_bias", "recurrent_bias"].map(weight);
  const gates = first.map((bias, j) =>
    x.reduce((sum, value, i) => sum + value * input[4 * size * i + j], 0) +
    h.reduce((sum, value, i) => sum + value * recurrent[4 * size * i + j], 0) +
    bias + second[j]
  );
  const cells = c.map((cell, i) =>
    sigmoid(gates[2 * size + i]) * cell +
    sigmoid(gates[i]) * Math.tanh(gates[3 * size + i])
  );
  const outputs = cells.map((cell, i) =>
    sigmoid(gates[size + i]) * Math.tanh(cell)
  );
  return [...outputs, ...cells];
}
