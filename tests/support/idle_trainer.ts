import type { BehaviorSpec } from "../../lib/spec.ts";
import { Statistics } from "../../lib/train/statistics.ts";
import type { Trainer } from "../../lib/train/trainer.ts";

/** A trainer that does nothing but to note what it is to forget. */
export class IdleTrainer implements Trainer {
  readonly forgotten: (number | undefined)[] = [];
  readonly trainerType = "idle";
  readonly settings = {};
  readonly maxSteps = 1;
  step = 0;
  readonly isLearning = true;
  readonly statistics = new Statistics();
  readonly recentReward = null;

  constructor(readonly behavior: string, readonly spec: BehaviorSpec) {}

  forgetUnfinished(source?: number): void {
    this.forgotten.push(source);
  }

  readonly ingest = () => [];
  readonly updateIfReady = () => Promise.resolve();
  readonly act = () => [];
  readonly takeCheckpointDue = () => false;
  readonly snapshot = () => ({});
  readonly restore = () => {};
  readonly initialize = () => {};
  readonly exportModel = () => Promise.resolve(new Uint8Array());
  readonly close = () => {};
}
