/** What SAC learns from: all that its agents did, as far as it is kept. */
import { sacNames, type SacNetworks } from "../algo/sac_networks.ts";
import { Replay } from "../data/replay.ts";
import type { Rollout } from "../data/rollout.ts";
import type { NamedArrays } from "../util/arrays.ts";
import type { RandomGenerator } from "../util/random.ts";
import { type CollectedSegment, sourceOf } from "./collector.ts";
import type { SacLearner } from "./sac_learner.ts";
import { sampledColumns, valuedColumns } from "./sampled_columns.ts";
import type { SignalSettings } from "./signal_settings.ts";

/** A sequence that is whole: where it is, and the row where the next begins. */
interface FullSlot {
  readonly slot: number;
  readonly nextRow: number;
}

export class SacExperience {
  readonly replay: Replay;
  readonly #networks: SacNetworks;
  readonly #signals: readonly SignalSettings[];
  /** Sequences whose followers need to know what V remembers after them. */
  #full: FullSlot[] = [];

  /** Throws UserError where `capacity` decisions do not fit into memory. */
  constructor(
    networks: SacNetworks,
    signals: readonly SignalSettings[],
    capacity: number,
  ) {
    this.#networks = networks;
    this.#signals = signals;
    this.replay = new Replay({
      spec: networks.settings.spec,
      capacity,
      sequenceLength: networks.sequenceLength,
      memorySizes: networks.recurrent.map(() => networks.memorySize),
    });
  }

  /** Takes over a decision whose outcome is known from the rollout. */
  keep(rollout: Rollout, segment: CollectedSegment): void {
    const { agent, rows, hasEnded, bootstrapRow, finalRow } = segment;
    const slot = this.replay.append(rollout, {
      agent,
      row: rows[0],
      nextRow: finalRow,
      isLast: hasEnded,
      isDone: bootstrapRow < 0,
    });
    const goesOn = this.#networks.memorySize > 0 && !hasEnded;
    if (goesOn && this.replay.isFull(slot)) {
      this.#full.push({ slot, nextRow: finalRow });
    }
  }

  /** Sequences that are about to begin need what V remembers before them. */
  get needsMemories(): boolean {
    return this.#full.length > 0;
  }

  /** Notes that in the rollout, in the rows where they begin. */
  async rememberValues(
    rollout: Rollout,
    learner: SacLearner,
    normalizers: NamedArrays,
  ): Promise<void> {
    const full = this.#full;
    this.#full = [];
    const { memorySize: size, sequenceLength, recurrent } = this.#networks;
    const sample = this.replay.read(full.map(({ slot }) => slot));
    const { memories } = await learner.evaluate(
      valuedColumns(sample, this.#networks),
      normalizers,
    );
    const known = rollout.memories[recurrent.indexOf(sacNames.value)];
    full.forEach(({ nextRow }, i) => {
      // After the last step of the sequence.
      const end = (i + 1) * sequenceLength * size;
      for (let j = 0; j < size; j++) {
        known[nextRow * size + j] = Number(memories?.data[end - size + j]);
      }
    });
  }

  /** Draws batches of so many rows, as the learner takes them. */
  sample(random: RandomGenerator, updates: number, rows: number): NamedArrays {
    const sequences = updates * rows / this.#networks.sequenceLength;
    const sample = this.replay.sample(random, sequences);
    return sampledColumns(sample, this.#networks, this.#signals, updates);
  }

  /** The unfinished episodes of a source, or of all, go no further. */
  forgetUnfinished(source?: number): void {
    this.replay.forgetAgents((agent) =>
      source === undefined || sourceOf(agent) === source
    );
  }
}
