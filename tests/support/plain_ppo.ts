/**
 * PPO's networks, losses and Adam once more, in plain double precision, row by
 * row and with gradients by finite differences: shares nothing with the tensor
 * program but the names of weights.
 */
import type { ActionSpec } from "../../lib/spec.ts";
import type { NamedArrays } from "../../lib/util/arrays.ts";

type Vector = readonly number[];

/** One decision. */
export interface PlainRow {
  /** Observations of all sensors, normalised, side by side. */
  readonly observation: Vector;
  readonly continuous: Vector;
  readonly discrete: Vector;
  readonly mask: Vector;
  readonly oldLogProbabilities: Vector;
  readonly advantage: number;
  /** By signal. */
  readonly returns: Vector;
}

interface Weight {
  readonly values: number[];
  readonly shape: readonly number[];
}

const swish = (x: number) => x / (1 + Math.exp(-x));
const sum = (values: Vector) => values.reduce((total, x) => total + x, 0);
const mean = (values: Vector) => sum(values) / values.length;
const clip = (x: number, low: number, high: number) =>
  Math.min(Math.max(x, low), high);

/** (x - mean) * scale within -5..5, per value. */
export function plainNormalize(x: Vector, means: Vector, scales: Vector) {
  return x.map((value, i) => clip((value - means[i]) * scales[i], -5, 5));
}

export class PlainPpo {
  readonly weights: Readonly<Record<string, Weight>>;
  protected readonly actions: ActionSpec;
  protected readonly layers: number;

  constructor(weights: NamedArrays, actions: ActionSpec, layers: number) {
    this.weights = Object.fromEntries(
      Object.entries(weights).map(([name, { data, shape }]) => [
        name,
        { values: Array.from(data, Number), shape },
      ]),
    );
    this.actions = actions;
    this.layers = layers;
  }

  #dense(name: string, x: Vector): number[] {
    const { values: weight } = this.weights[`${name}.weight`];
    const { values: bias } = this.weights[`${name}.bias`];
    return bias.map((b, j) =>
      b + sum(x.map((value, i) => value * weight[i * bias.length + j]))
    );
  }

  /** Whose body a network has: a shared critic the actor's. */
  protected bodyOf(network: string): string {
    return `${network}.body.0.weight` in this.weights ? network : "actor";
  }

  protected body(network: string, observation: Vector): Vector {
    let code = observation;
    const owner = this.bodyOf(network);
    for (let layer = 0; layer < this.layers; layer++) {
      code = this.#dense(`${owner}.body.${layer}`, code).map(swish);
    }
    return code;
  }

  mean(observation: Vector): number[] {
    return this.#dense("actor.continuous", this.body("actor", observation));
  }

  deviations(): number[] {
    const { values } = this.weights["actor.continuous.log_sigma"];
    return values.map(Math.exp);
  }

  /** Probabilities of each branch. */
  probabilities(observation: Vector, mask: Vector): number[][] {
    const code = this.body("actor", observation);
    const logits = this.#dense("actor.discrete", code).map((logit, i) =>
      logit * mask[i] - 1e8 * (1 - mask[i])
    );
    let start = 0;
    return this.actions.discreteBranches.map((size) => {
      const own = logits.slice(start, start += size);
      const powers = own.map((logit) => Math.exp(logit - Math.max(...own)));
      return powers.map((power) => power / sum(powers));
    });
  }

  values(observation: Vector): number[] {
    return this.#dense("critic.value", this.body("critic", observation));
  }

  logProbabilities(row: PlainRow): number[] {
    const result: number[] = [];
    if (this.actions.continuousSize > 0) {
      const deviations = this.deviations();
      this.mean(row.observation).forEach((mean, i) => {
        const sigma = deviations[i];
        const distance = (row.continuous[i] - mean) ** 2;
        result.push(
          -distance / (2 * sigma ** 2 + 1e-7) - Math.log(sigma + 1e-7) -
            Math.log(2 * Math.PI) / 2,
        );
      });
    }
    const branches = this.#hasBranches
      ? this.probabilities(row.observation, row.mask)
      : [];
    branches.forEach((p, branch) =>
      result.push(Math.log(p[row.discrete[branch]] + 1e-7))
    );
    return result;
  }

  entropy({ observation, mask }: PlainRow): number {
    const gaussian = this.actions.continuousSize > 0
      ? mean(
        this.deviations().map((sigma) =>
          Math.log(2 * Math.PI * Math.E * sigma ** 2 + 1e-7) / 2
        ),
      )
      : 0;
    const branches = this.#hasBranches
      ? this.probabilities(observation, mask)
      : [];
    return gaussian +
      sum(branches.map((p) => -sum(p.map((x) => x * Math.log(x + 1e-7)))));
  }

  /** -mean over rows and actions of the clipped gain. */
  policyLoss(rows: readonly PlainRow[], epsilon: number): number {
    const gains = rows.flatMap((row) =>
      this.logProbabilities(row).map((log, d) => {
        const ratio = Math.exp(log - row.oldLogProbabilities[d]);
        const clipped = clip(ratio, 1 - epsilon, 1 + epsilon);
        return Math.min(ratio * row.advantage, clipped * row.advantage);
      })
    );
    return -mean(gains);
  }

  valueLoss(rows: readonly PlainRow[]): number {
    return mean(
      rows.flatMap(({ observation, returns }) =>
        this.values(observation).map((value, k) => (returns[k] - value) ** 2)
      ),
    );
  }

  loss(rows: readonly PlainRow[], epsilon: number, beta: number): number {
    return this.policyLoss(rows, epsilon) + 0.5 * this.valueLoss(rows) -
      beta * mean(rows.map((row) => this.entropy(row)));
  }

  get #hasBranches(): boolean {
    return this.actions.discreteBranches.length > 0;
  }
}

/** Weights by name. */
export type PlainWeights = Readonly<Record<string, Weight>>;

/** Adam as its paper writes it, over all weights that it is given. */
export class PlainAdam {
  readonly #weights: PlainWeights;
  readonly first: Record<string, number[]> = {};
  readonly second: Record<string, number[]> = {};
  #step = 0;

  constructor({ weights }: { readonly weights: PlainWeights }) {
    this.#weights = weights;
    for (const [name, { values }] of Object.entries(weights)) {
      this.first[name] = values.map(() => 0);
      this.second[name] = values.map(() => 0);
    }
  }

  step(loss: () => number, rate: number): void {
    this.move(this.gradients(loss), rate);
  }

  /** A step along gradients by name. */
  move(gradients: Readonly<Record<string, Vector>>, rate: number): void {
    this.#step++;
    for (const [name, { values }] of Object.entries(this.#weights)) {
      const [m, v] = [this.first[name], this.second[name]];
      gradients[name].forEach((gradient, i) => {
        m[i] = 0.9 * m[i] + 0.1 * gradient;
        v[i] = 0.999 * v[i] + 0.001 * gradient ** 2;
        const first = m[i] / (1 - 0.9 ** this.#step);
        const second = v[i] / (1 - 0.999 ** this.#step);
        values[i] -= rate * first / (Math.sqrt(second) + 1e-8);
      });
    }
  }

  /** By finite differences. */
  gradients(loss: () => number): Record<string, number[]> {
    const offset = 1e-5;
    const gradients: Record<string, number[]> = {};
    for (const [name, { values }] of Object.entries(this.#weights)) {
      gradients[name] = values.map((value, i) => {
        const at = (moved: number) => {
          values[i] = moved;
          return loss();
        };
        const slope = (at(value + offset) - at(value - offset)) / (2 * offset);
        values[i] = value;
        return slope;
      });
    }
    return gradients;
  }
}
