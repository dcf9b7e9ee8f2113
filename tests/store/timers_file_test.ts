import assert from "node:assert/strict";
import { Gauges, timersText } from "../../lib/store/timers_file.ts";
import { average, RUN_ENDED } from "./run_events.ts";

Deno.test("gauges follow means and sums by sanitised name", () => {
  const gauges = new Gauges();
  for (const value of [3, 1, 2]) {
    gauges.record(
      "My Ball",
      new Map([["Environment/Cumulative Reward", average(value)]]),
    );
  }
  gauges.record("My Ball", new Map([["A", average(NaN)]]));
  assert.deepEqual(gauges.toRecord(), {
    "MyBall.Environment.CumulativeReward.mean": {
      value: 2,
      min: 1,
      max: 3,
      count: 3,
    },
    "MyBall.Environment.CumulativeReward.sum": {
      value: 4,
      min: 2,
      max: 6,
      count: 3,
    },
  });
});

Deno.test("timersText gives the documented tree", () => {
  const text = timersText(RUN_ENDED.timers, new Gauges(), { program: "x 1" });
  assert(text.startsWith('{\n    "name": "root",'));
  assert.deepEqual(JSON.parse(text), {
    name: "root",
    gauges: {},
    metadata: { timer_format_version: "0.1.0", program: "x 1" },
    total: 10,
    count: 1,
    self: 1,
    children: {
      act: { total: 4, count: 100, self: 4 },
      update: {
        total: 5,
        count: 3,
        self: 0.5,
        children: { epochs: { total: 4.5, count: 3, self: 4.5 } },
      },
    },
  });
});

Deno.test("own time is never negative", () => {
  const timers = {
    total: 1,
    count: 1,
    children: { parallel: { total: 2, count: 1, children: {} } },
  };
  assert.equal(JSON.parse(timersText(timers, new Gauges(), {})).self, 0);
});
