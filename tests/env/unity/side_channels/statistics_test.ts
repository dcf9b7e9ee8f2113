import assert from "node:assert/strict";
import type { EnvironmentStatistic } from "../../../../lib/env/env.ts";
import {
  PayloadWriter,
} from "../../../../lib/env/unity/side_channels/payload.ts";
import {
  readStatistic,
  statisticMessages,
  StatisticsChannel,
} from "../../../../lib/env/unity/side_channels/statistics.ts";

Deno.test("statistics of every aggregation go there and back", () => {
  const statistics: EnvironmentStatistic[] = [
    { name: "Goals/Blue", value: 3, aggregation: "average" },
    { name: "Goals/Blue", value: 4, aggregation: "latest" },
    { name: "Distance", value: -0.5, aggregation: "sum" },
    { name: "Height", value: 2, aggregation: "histogram" },
  ];
  const messages = statisticMessages(statistics);
  assert.deepEqual(
    messages.map(({ payload }) => readStatistic(payload)),
    statistics,
  );
  // Name, value, number of the aggregation.
  assert.deepEqual([...messages[3].payload.subarray(-8)], [
    ...[0, 0, 0, 0x40],
    ...[3, 0, 0, 0],
  ]);
});

Deno.test("an aggregation that is missing or unknown is the average", () => {
  const base = () => new PayloadWriter().string("a").float32(1);
  assert.equal(readStatistic(base().finish()).aggregation, "average");
  assert.equal(readStatistic(base().int32(9).finish()).aggregation, "average");
});

Deno.test("the channel gives each statistic once, in order", () => {
  const channel = new StatisticsChannel();
  const statistics: EnvironmentStatistic[] = [
    { name: "goals", value: 1, aggregation: "sum" },
    { name: "goals", value: 2, aggregation: "sum" },
  ];
  const messages = statisticMessages(statistics);
  messages.forEach(({ payload }) => channel.receive(payload));
  assert.deepEqual(channel.take(), statistics);
  assert.deepEqual(channel.take(), []);
});
