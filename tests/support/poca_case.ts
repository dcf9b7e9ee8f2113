import { columnNames } from "../../lib/algo/column_names.ts";
import {
  PocaNetworks,
  type PocaNetworkSettings,
} from "../../lib/algo/poca_networks.ts";
import type { ActionSpec } from "../../lib/spec.ts";
import type { NamedArrays } from "../../lib/util/arrays.ts";
import { RandomGenerator } from "../../lib/util/random.ts";
import { type PlainGroupRow, PlainPoca } from "./plain_poca.ts";
import { PpoCase, valuesOf } from "./ppo_case.ts";
import { normals, randomWeights } from "./random_arrays.ts";

const signals = 2;

/** Of nine rows: groups of three and two, an agent alone, a pair, one alone. */
export const groupMates = [
  [1, 2],
  [2, 0],
  [0, 1],
  [4, -1],
  [3, -1],
  [-1, -1],
  // Who is absent need not come last.
  [-1, 7],
  [6, -1],
  [-1, -1],
];

/** The experience of a {@link PpoCase}, shared by groups. */
export class PocaCase {
  readonly ppo: PpoCase;
  readonly networks: PocaNetworks;
  readonly weights: NamedArrays;
  readonly columns: NamedArrays;
  readonly rows: readonly PlainGroupRow[];
  readonly plain: PlainPoca;
  /** Mates that there may be. */
  readonly widest: number;

  constructor(
    actions: ActionSpec,
    seed = 1,
    change: Partial<PocaNetworkSettings> = {},
    widest = 2,
  ) {
    this.widest = widest;
    const random = new RandomGenerator(seed, "poca case");
    const count = groupMates.length;
    const { memory = null } = change;
    this.ppo = new PpoCase(actions, count, seed, { memory });
    this.networks = new PocaNetworks({
      ...this.ppo.networks.settings,
      signals,
      ...change,
    });
    const drawn = randomWeights(this.networks.parameters, random);
    this.weights = Object.fromEntries(
      Object.entries(drawn).map(([name, array]) => [
        name,
        this.ppo.weights[name.startsWith("actor.") ? name : ""] ?? array,
      ]),
    );
    this.columns = {
      ...this.ppo.columns,
      [columnNames.mates]: {
        data: Int32Array.from(
          groupMates.flatMap((mates) => [
            ...mates,
            ...new Array(widest - mates.length).fill(-1),
          ]),
        ),
        shape: [count, this.widest],
      },
      [columnNames.oldBaselines]: normals(random, 0.5, [count, signals]),
    };
    this.rows = this.ppo.rows.map((row, i) => ({
      ...row,
      mates: groupMates[i].filter((mate) => mate >= 0)
        .map((mate) => this.ppo.rows[mate]),
      places: 1 + this.widest,
      oldBaselines: valuesOf(this.columns, columnNames.oldBaselines, i),
    }));
    this.plain = new PlainPoca(this.weights, actions, 2);
  }
}
