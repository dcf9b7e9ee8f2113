/**
 * SAC's networks, losses and steps once more, in plain double precision, row by
 * row and with gradients by finite differences: shares nothing with the tensor
 * program but the names of weights.
 */
import type { ActionSpec } from "../../lib/spec.ts";
import type { NamedArrays } from "../../lib/util/arrays.ts";
import { PlainAdam, type PlainWeights } from "./plain_ppo.ts";
import { plainLstm } from "./plain_recurrent_ppo.ts";

type Vector = readonly number[];

/** One decision and what followed. */
export interface PlainSacRow {
  /** Observations of all sensors, normalised, side by side. */
  readonly observation: Vector;
  readonly next: Vector;
  readonly continuous: Vector;
  readonly discrete: Vector;
  readonly mask: Vector;
  /** Of the action that the policy would draw now. */
  readonly noise: Vector;
  /** By signal. */
  readonly rewards: Vector;
  readonly done: number;
  /** 0 for padding. */
  readonly weight: number;
}

/** Decisions of one agent, one after the other; a single one without memory. */
export interface PlainSequence {
  readonly rows: readonly PlainSacRow[];
  /** Before the first row, by network; none without memory. */
  readonly memories: Readonly<Record<string, Vector>> | null;
}

export interface PlainSacSettings {
  readonly actions: ActionSpec;
  readonly layers: number;
  readonly memorySize: number;
  readonly gammas: Vector;
  /** By signal. */
  readonly ignoresDone: readonly boolean[];
  readonly tau: number;
  readonly twinMinimum: boolean;
}

/** What the policy would do in one state. */
interface Draw {
  readonly continuous: Vector;
  readonly logDensity: number;
  /** Of every branch, with 1e-7 added. */
  readonly branches: readonly Vector[];
  readonly entropy: number;
}

const swish = (x: number) => x / (1 + Math.exp(-x));
const sum = (values: Vector) => values.reduce((total, x) => total + x, 0);
const mean = (values: Vector) => sum(values) / values.length;
const twins = ["q1", "q2"] as const;

export class PlainSac {
  readonly weights: PlainWeights;
  readonly adams: Readonly<
    Record<"actor" | "critics" | "temperature", PlainAdam>
  >;
  readonly #settings: PlainSacSettings;

  constructor(weights: NamedArrays, settings: PlainSacSettings) {
    this.#settings = settings;
    this.weights = Object.fromEntries(
      Object.entries(weights).map(([name, { data, shape }]) => [
        name,
        { values: Array.from(data, Number), shape },
      ]),
    );
    const adam = (...owners: string[]) =>
      new PlainAdam({
        weights: Object.fromEntries(
          Object.entries(this.weights).filter(([name]) =>
            owners.includes(name.split(".", 1)[0])
          ),
        ),
      });
    this.adams = {
      actor: adam("actor"),
      critics: adam("q1", "q2", "value"),
      temperature: adam("temperature"),
    };
  }

  #dense(name: string, x: Vector): number[] {
    const { values: weight } = this.weights[`${name}.weight`];
    const { values: bias } = this.weights[`${name}.bias`];
    return bias.map((b, j) =>
      b + sum(x.map((value, i) => value * weight[i * bias.length + j]))
    );
  }

  #body(network: string, x: Vector): Vector {
    let code = x;
    for (let layer = 0; layer < this.#settings.layers; layer++) {
      code = this.#dense(`${network}.body.${layer}`, code).map(swish);
    }
    return code;
  }

  /** What heads read, row by row, and the memory after each. */
  #codes(network: string, inputs: readonly Vector[], before: Vector) {
    const codes = inputs.map((x) => this.#body(network, x));
    if (before.length === 0) return { codes, memories: [] };
    let memory = before;
    const memories = codes.map((code) =>
      memory = plainLstm(this.weights, network, memory, code)
    );
    const half = before.length / 2;
    return { codes: memories.map((each) => each.slice(0, half)), memories };
  }

  draws({ rows, memories }: PlainSequence): Draw[] {
    const { continuousSize, discreteBranches } = this.#settings.actions;
    const { codes } = this.#codes(
      "actor",
      rows.map(({ observation }) => observation),
      memories?.actor ?? [],
    );
    return rows.map(({ noise, mask }, i) => {
      const continuous: number[] = [];
      let logDensity = 0;
      const entropies: number[] = [];
      if (continuousSize > 0) {
        const means = this.#dense("actor.continuous", codes[i]);
        const logs = this.#dense("actor.continuous.log_sigma", codes[i])
          .map((log) => Math.min(Math.max(log, -20), 2));
        means.forEach((center, d) => {
          const sigma = Math.exp(logs[d]);
          const u = center + sigma * noise[d];
          logDensity += -((u - center) ** 2) / (2 * sigma ** 2 + 1e-7) -
            Math.log(sigma + 1e-7) - Math.log(2 * Math.PI) / 2 -
            2 * (Math.LN2 - u - Math.log1p(Math.exp(-2 * u)));
          continuous.push(Math.tanh(u));
          entropies.push(
            Math.log(2 * Math.PI * Math.E * sigma ** 2 + 1e-7) / 2,
          );
        });
      }
      const logits = discreteBranches.length > 0
        ? this.#dense("actor.discrete", codes[i]).map((logit, j) =>
          logit * mask[j] - 1e8 * (1 - mask[j])
        )
        : [];
      let start = 0;
      const branches = discreteBranches.map((size) => {
        const own = logits.slice(start, start += size);
        const powers = own.map((x) => Math.exp(x - Math.max(...own)));
        return powers.map((power) => power / sum(powers) + 1e-7);
      });
      const entropy = (entropies.length > 0 ? mean(entropies) : 0) -
        sum(branches.map((p) => sum(p.map((x) => (x - 1e-7) * Math.log(x)))));
      return { continuous, logDensity, branches, entropy };
    });
  }

  /** Q of every row, by signal and, with branches, by choice. */
  #actionValues(
    twin: string,
    { rows }: PlainSequence,
    actions: readonly Vector[],
  ): Vector[][] {
    const { gammas, memorySize } = this.#settings;
    const { codes } = this.#codes(
      twin,
      rows.map(({ observation }, i) => [...observation, ...actions[i]]),
      Array(memorySize).fill(0),
    );
    return codes.map((code) => {
      const all = this.#dense(`${twin}.value`, code);
      const size = all.length / gammas.length;
      return gammas.map((_, k) => all.slice(k * size, (k + 1) * size));
    });
  }

  /** By branch, out of the values of all choices. */
  #byBranch(values: Vector): Vector[] {
    let start = 0;
    return this.#settings.actions.discreteBranches.map((size) =>
      values.slice(start, start += size)
    );
  }

  /** alpha ln p of the continuous actions and sum_a alpha p ln p by branch. */
  #costs({ logDensity, branches }: Draw) {
    const [alpha] = this.#alphas("continuous");
    const alphas = this.#alphas("discrete");
    return {
      continuous: this.#settings.actions.continuousSize > 0
        ? alpha * logDensity
        : 0,
      branches: branches.map((p, b) =>
        alphas[b] * sum(p.map((x) => x * Math.log(x)))
      ),
    };
  }

  #alphas(kind: string): number[] {
    return (this.weights[`temperature.${kind}`]?.values ?? []).map(Math.exp);
  }

  /** Targets of both critics, by row and signal, with the present weights. */
  targets(sequence: PlainSequence): { q: Vector; v: Vector }[] {
    const { gammas, ignoresDone } = this.#settings;
    const { rows } = sequence;
    const next = this.#nextValues(sequence);
    const draws = this.draws(sequence);
    const actions = draws.map(({ continuous }) => continuous);
    const now = twins.map((twin) =>
      this.#actionValues(twin, sequence, actions)
    );
    return rows.map(({ rewards, done }, i) => {
      const costs = this.#costs(draws[i]);
      const expected = (values: Vector) =>
        draws[i].branches.length === 0 ? values[0] : mean(
          this.#byBranch(values).map((own, b) =>
            sum(own.map((value, a) => value * draws[i].branches[b][a]))
          ),
        );
      return {
        q: gammas.map((gamma, k) =>
          rewards[k] + (ignoresDone[k] ? 1 : 1 - done) * gamma * next[i][k]
        ),
        v: gammas.map((_, k) =>
          Math.min(...now.map((twin) => expected(twin[i][k]))) -
          (costs.branches.length > 0 ? mean(costs.branches) : 0) -
          costs.continuous
        ),
      };
    });
  }

  /** The target network goes on from what V remembers of the first row. */
  #nextValues({ rows, memories }: PlainSequence): Vector[] {
    const before = memories
      ? this.#codes("value", [rows[0].observation], memories.value).memories[0]
      : [];
    const next = rows.map(({ next }) => next);
    return this.#codes("target", next, before).codes.map((code) =>
      this.#dense("target.value", code)
    );
  }

  values({ rows, memories }: PlainSequence): Vector[] {
    return this.#codes(
      "value",
      rows.map(({ observation }) => observation),
      memories?.value ?? [],
    ).codes.map((code) => this.#dense("value.value", code));
  }

  valueLoss(batch: readonly PlainSequence[], targets: readonly Vector[][]) {
    return this.#mean(
      batch,
      (sequence, s) =>
        this.values(sequence).map((values, i) =>
          mean(values.map((v, k) => (v - targets[s][i][k]) ** 2 / 2))
        ),
    );
  }

  twinLoss(
    twin: string,
    batch: readonly PlainSequence[],
    targets: readonly Vector[][],
  ): number {
    return this.#mean(batch, (sequence, s) => {
      const { rows } = sequence;
      const taken = rows.map(({ continuous }) => continuous);
      const all = this.#actionValues(twin, sequence, taken);
      return rows.map(({ discrete }, i) =>
        mean(all[i].map((values, k) => {
          const chosen = discrete.length === 0
            ? values[0]
            : mean(this.#byBranch(values).map((own, b) => own[discrete[b]]));
          return (chosen - targets[s][i][k]) ** 2 / 2;
        }))
      );
    });
  }

  policyLoss(batch: readonly PlainSequence[]): number {
    return this.#mean(batch, (sequence) => {
      const draws = this.draws(sequence);
      const actions = draws.map(({ continuous }) => continuous);
      const [first, second] = twins.map((twin) =>
        this.#actionValues(twin, sequence, actions)
      );
      return draws.map((draw, i) => {
        const { continuous, branches } = this.#costs(draw);
        const values = first[i][0].map((_, a) =>
          mean(
            first[i].map((own, k) =>
              this.#settings.twinMinimum
                ? Math.min(own[a], second[i][k][a])
                : own[a]
            ),
          )
        );
        const gain = branches.length === 0 ? values[0] : sum(
          this.#byBranch(values).map((own, b) =>
            sum(own.map((value, a) => value * draw.branches[b][a]))
          ),
        );
        return continuous + sum(branches) - gain;
      });
    });
  }

  temperatureLoss(batch: readonly PlainSequence[]): number {
    const { continuousSize, discreteBranches } = this.#settings.actions;
    const [k] = this.weights["temperature.continuous"]?.values ?? [];
    const ks = this.weights["temperature.discrete"]?.values ?? [];
    return this.#mean(
      batch,
      (sequence) =>
        this.draws(sequence).map(({ logDensity, branches }) => {
          const excess = branches.map((p, b) =>
            sum(p.map((x) => x * Math.log(x))) +
            0.2 * Math.log(discreteBranches[b])
          );
          return -(continuousSize > 0 ? k * (logDensity - continuousSize) : 0) -
            (ks.length > 0 ? mean(ks.map((each, b) => each * excess[b])) : 0);
        }),
    );
  }

  entropy(batch: readonly PlainSequence[]): number {
    return this.#mean(
      batch,
      (sequence) => this.draws(sequence).map(({ entropy }) => entropy),
    );
  }

  /** Mean over the rows that are no padding. */
  #mean(
    batch: readonly PlainSequence[],
    each: (sequence: PlainSequence, index: number) => readonly number[],
  ): number {
    const weights = batch.flatMap(({ rows }) =>
      rows.map(({ weight }) => weight)
    );
    const values = batch.flatMap(each);
    return sum(values.map((x, i) => weights[i] * x)) /
      Math.max(sum(weights), 1);
  }

  /** One update; returns the losses before it. */
  update(batch: readonly PlainSequence[], rate: number) {
    const targets = batch.map((sequence) => this.targets(sequence));
    const q = targets.map((rows) => rows.map((row) => row.q));
    const v = targets.map((rows) => rows.map((row) => row.v));
    const losses = {
      policy_loss: this.policyLoss(batch),
      value_loss: this.valueLoss(batch, v),
      q1_loss: this.twinLoss("q1", batch, q),
      q2_loss: this.twinLoss("q2", batch, q),
      entropy: this.entropy(batch),
    };
    const { actor, critics, temperature } = this.adams;
    const gradients = {
      actor: actor.gradients(() => this.policyLoss(batch)),
      critics: critics.gradients(() =>
        this.valueLoss(batch, v) + this.twinLoss("q1", batch, q) +
        this.twinLoss("q2", batch, q)
      ),
      temperature: temperature.gradients(() => this.temperatureLoss(batch)),
    };
    actor.move(gradients.actor, rate);
    critics.move(gradients.critics, rate);
    temperature.move(gradients.temperature, rate);
    const { tau } = this.#settings;
    for (const [name, { values }] of Object.entries(this.weights)) {
      if (!name.startsWith("target.")) continue;
      const own = this.weights[name.replace("target", "value")].values;
      own.forEach((w, i) => values[i] = tau * w + (1 - tau) * values[i]);
    }
    return losses;
  }
}
