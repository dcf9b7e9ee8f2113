import type { StatisticSummary, Summary } from "../events.ts";

/**
 * One line for one summary, in the form that tools which read the console of
 * Unity's trainer know: step, time, mean reward and its deviation, and whether
 * the behavior learns.
 */
export function summaryLine(summary: Summary): string {
  const { behavior, step, elapsedSeconds, statistics, isTraining } = summary;
  const groupReward = statistics.get("Environment/Group Cumulative Reward");
  const training = isTraining ? "Training" : "Not Training";
  const parts = [
    behavior,
    `Step: ${step}`,
    `Time Elapsed: ${elapsedSeconds.toFixed(3)} s`,
    ...summary.meanReward === null
      ? ["No episode has ended since the last summary", training]
      : [
        `Mean Reward: ${summary.meanReward.toFixed(3)}`,
        groupReward
          ? `Mean Group Reward: ${groupReward.mean.toFixed(3)}`
          : `Std of Reward: ${(summary.standardDeviation ?? 0).toFixed(3)}`,
        training,
        ...ratingParts(statistics.get("Self-play/ELO")),
      ],
  ];
  return `${parts.join(". ")}.`;
}

function ratingParts(rating: StatisticSummary | undefined): string[] {
  return rating ? [`ELO: ${rating.mean.toFixed(3)}`] : [];
}
