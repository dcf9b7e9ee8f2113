import type { Progress } from "../events.ts";
import { formatCount, formatDuration, formatRate } from "./format.ts";

/**
 * The live line: how far each behavior is and its mean reward, then the steps
 * per second of all and the time until the last is ready at this speed.
 */
export function progressLine(behaviors: readonly Progress[]): string {
  const speed = behaviors.reduce((sum, one) => sum + one.stepsPerSecond, 0);
  const left = Math.max(...behaviors.map(secondsLeft));
  return [
    ...behaviors.map(behaviors.length > 1 ? shortText : fullText),
    `${formatRate(speed)} steps/s`,
    ...left > 0 ? [`${formatDuration(left)} left`] : [],
  ].join(", ");
}

function fullText(progress: Progress): string {
  const { behavior, step, maxSteps } = progress;
  const steps = maxSteps > 0
    ? `${formatCount(step)} / ${formatCount(maxSteps)} (${percent(progress)})`
    : `${formatCount(step)} steps`;
  return `${behavior} ${steps}${rewardText(progress)}`;
}

function shortText(progress: Progress): string {
  const { behavior, step, maxSteps } = progress;
  const steps = maxSteps > 0 ? percent(progress) : formatCount(step);
  return `${behavior} ${steps}${rewardText(progress)}`;
}

function percent({ step, maxSteps }: Progress): string {
  return `${Math.min(100, Math.floor(100 * step / maxSteps))} %`;
}

function rewardText({ meanReward }: Progress): string {
  return meanReward === null ? "" : ` reward ${meanReward.toFixed(2)}`;
}

/** 0 if that is not known or nothing is left. */
function secondsLeft({ step, maxSteps, stepsPerSecond }: Progress): number {
  return stepsPerSecond > 0 ? (maxSteps - step) / stepsPerSecond : 0;
}
