import type { BehaviorSettings } from "../settings/behavior_settings.ts";

/** A reward signal of the behavior. */
export interface SignalSettings {
  readonly name: string;
  readonly gamma: number;
  readonly strength: number;
}

/** The signals that give rewards, in the order of the settings. */
export function signalsOf(settings: BehaviorSettings): SignalSettings[] {
  return Object.entries(settings.reward_signals).flatMap(([name, signal]) =>
    signal ? [{ name, gamma: signal.gamma, strength: signal.strength }] : []
  );
}

/** Signals whose values go on after the end of an episode (reference 2.2). */
const endless = new Set(["curiosity", "rnd"]);

/** Whether a signal pays no attention to the end of an episode. */
export const ignoresDone = (signal: string): boolean => endless.has(signal);
