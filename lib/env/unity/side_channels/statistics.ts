/** The player's figures about itself as side-channel messages. */
import type { EnvironmentStatistic, StatisticAggregation } from "../../env.ts";
import { Channel, type SideChannelMessage } from "./framing.ts";
import { PayloadReader, PayloadWriter } from "./payload.ts";
import { SideChannel } from "./side_channel.ts";

/** By their number on the wire. */
const aggregations: readonly StatisticAggregation[] = [
  "average",
  "latest",
  "sum",
  "histogram",
];

/** Collects the figures that the game reports about itself. */
export class StatisticsChannel extends SideChannel {
  readonly #received: EnvironmentStatistic[];

  constructor() {
    const received: EnvironmentStatistic[] = [];
    super(
      Channel.statistics,
      (message) => received.push(readStatistic(message.raw())),
    );
    this.#received = received;
  }

  /** The statistics since the last call, in their order. */
  take(): EnvironmentStatistic[] {
    return this.#received.splice(0);
  }
}

/** One message for each statistic. */
export function statisticMessages(
  statistics: readonly EnvironmentStatistic[],
): SideChannelMessage[] {
  return statistics.map(({ name, value, aggregation }) => ({
    channel: Channel.statistics,
    payload: new PayloadWriter().string(name).float32(value)
      .int32(aggregations.indexOf(aggregation)).finish(),
  }));
}

/** Reads a statistic; an unknown aggregation counts as the average. */
export function readStatistic(payload: Uint8Array): EnvironmentStatistic {
  const reader = new PayloadReader(payload);
  return {
    name: reader.string(),
    value: reader.float32(),
    aggregation: aggregations[reader.int32()] ?? "average",
  };
}
