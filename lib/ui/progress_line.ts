import type { Progress } from "../events.ts";
import { formatCount, formatDuration, formatRate } from "./format.ts";

/**
 * The live line: for each behavior steps, steps per second, mean reward and the
 * time left at this speed.
 */
export function progressLine(behaviors: Iterable<Progress>): string {
  return [...behaviors].map(progressText).join(" | ");
}

function progressText(progress: Progress): string {
  const { behavior, step, maxSteps, stepsPerSecond, meanReward } = progress;
  const parts = [`${behavior} ${formatCount(step)}`];
  if (maxSteps > 0) {
    const percent = Math.min(100, Math.floor(100 * step / maxSteps));
    parts[0] += ` of ${formatCount(maxSteps)} steps (${percent} %)`;
  }
  parts.push(`${formatRate(stepsPerSecond)} steps/s`);
  if (meanReward !== null) parts.push(`reward ${meanReward.toFixed(2)}`);
  if (stepsPerSecond > 0 && step < maxSteps) {
    const left = (maxSteps - step) / stepsPerSecond;
    parts.push(`${formatDuration(left)} left`);
  }
  return parts.join(", ");
}
