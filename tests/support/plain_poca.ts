/** POCA's critic and loss once more, agent by agent in plain double precision. */
import { PlainNetwork } from "./plain_network.ts";
import { PlainPpo, type PlainRow } from "./plain_ppo.ts";

type Vector = readonly number[];

/** One decision of a member of a group. */
export interface PlainGroupRow extends PlainRow {
  /** Decisions of the others, at the same moment. */
  readonly mates: readonly PlainRow[];
  /** Places that a group has, the agent's own included. */
  readonly places: number;
  /** By signal. */
  readonly oldBaselines: Vector;
}

const swish = (x: number) => x / (1 + Math.exp(-x));
const mean = (values: Vector) =>
  values.reduce((total, x) => total + x, 0) / values.length;

export class PlainPoca extends PlainPpo {
  /** What is thought of the state of all members. */
  groupValues(row: PlainGroupRow): number[] {
    const network = this.#network();
    const members = [row, ...row.mates].map((member) =>
      network.dense("critic.state", member.observation).map(swish)
    );
    return this.#read(network, members, row.places);
  }

  /** The same where the mates' actions are known. */
  groupBaselines(row: PlainGroupRow): number[] {
    const network = this.#network();
    const own = network.dense("critic.state", row.observation).map(swish);
    const mates = row.mates.map(({ observation, continuous, discrete }) => {
      const taken = this.actions.discreteBranches.flatMap((size, branch) =>
        Array.from({ length: size }, (_, i) => Number(i === discrete[branch]))
      );
      const all = [...observation, ...continuous, ...taken];
      return network.dense("critic.decision", all).map(swish);
    });
    return this.#read(network, [own, ...mates], row.places);
  }

  #read(
    network: PlainNetwork,
    members: readonly Vector[],
    places: number,
  ): number[] {
    const everybody = members.map(() => true);
    let code = network.attention("critic.attention", members, everybody);
    for (let layer = 0; layer < this.layers; layer++) {
      code = network.dense(`critic.body.${layer}`, code).map(swish);
    }
    const fullness = 2 * members.length / places - 1;
    return network.dense("critic.value", [...code, fullness]);
  }

  /** Of the weights as they are now. */
  #network(): PlainNetwork {
    return new PlainNetwork(Object.fromEntries(
      Object.entries(this.weights)
        .filter(([name]) => name.startsWith("critic."))
        .map(([name, { values, shape }]) => [
          name,
          { data: Float64Array.from(values), shape },
        ]),
    ));
  }

  groupValueLoss(rows: readonly PlainGroupRow[]): number {
    return mean(
      rows.flatMap((row) =>
        this.groupValues(row).map((value, k) => (row.returns[k] - value) ** 2)
      ),
    );
  }

  /** The larger error: of the baseline, or of one that moved by epsilon. */
  groupBaselineLoss(rows: readonly PlainGroupRow[], epsilon: number): number {
    return mean(
      rows.flatMap((row) =>
        this.groupBaselines(row).map((baseline, k) => {
          const [target, old] = [row.returns[k], row.oldBaselines[k]];
          const moved = Math.max(
            -epsilon,
            Math.min(baseline - old, epsilon),
          );
          return Math.max(
            (target - baseline) ** 2,
            (target - old - moved) ** 2,
          );
        })
      ),
    );
  }

  /** The critic may learn from other rows than the actor. */
  groupLoss(
    rows: readonly PlainGroupRow[],
    epsilon: number,
    beta: number,
    criticRows = rows,
  ): number {
    const judged = this.groupValueLoss(criticRows) +
      0.5 * this.groupBaselineLoss(criticRows, epsilon);
    return this.policyLoss(rows, epsilon) + 0.5 * judged -
      beta * mean(rows.map((row) => this.entropy(row)));
  }
}
