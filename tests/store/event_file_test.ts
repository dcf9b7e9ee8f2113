import assert from "node:assert/strict";
import { basename, join } from "node:path";
import { UserError } from "../../lib/errors.ts";
import type { StatisticSummary } from "../../lib/events.ts";
import { EventFile } from "../../lib/store/event_file.ts";
import { encodeVersionEvent } from "../../lib/store/event_message.ts";
import { encodeTfRecord } from "../../lib/store/tf_record.ts";
import { inTemporaryFolder } from "../util/temporary_folder.ts";
import { runPython } from "./python.ts";

function average(value: number): StatisticSummary {
  return {
    aggregation: "average",
    value,
    mean: value,
    standardDeviation: 0,
    sum: value,
    count: 1,
  };
}

const REWARDS: StatisticSummary = {
  aggregation: "histogram",
  value: 2.25,
  mean: 2.25,
  standardDeviation: 1.75,
  sum: 4.5,
  count: 2,
  values: new Float64Array([0.5, 4]),
};

Deno.test("an event file begins with the version and takes the clock's time", () =>
  inTemporaryFolder(async (folder) => {
    const events = await EventFile.create(folder, () => 1_700_000_000_500);
    const again = await EventFile.create(folder, () => 1_700_000_000_500);
    const name = basename(events.path);
    assert.match(name, /^events\.out\.tfevents\.1700000000\..+\.\d+\.\d+$/);
    assert.equal(name.split(".").at(-2), String(Deno.pid));
    assert.notEqual(again.path, events.path);
    assert.deepEqual(
      await Deno.readFile(events.path),
      encodeTfRecord(encodeVersionEvent(1_700_000_000.5)),
    );
    events.close();
    again.close();
  }));

Deno.test("each summary is in the file when the call ends, earlier ones stay", () =>
  inTemporaryFolder(async (folder) => {
    const events = await EventFile.create(folder, () => 0);
    let before = await Deno.readFile(events.path);
    for (const step of [1000, 2000]) {
      await events.writeSummary(step, new Map([["A", average(step)]]));
      const after = await Deno.readFile(events.path);
      assert(after.length > before.length);
      assert.deepEqual(after.slice(0, before.length), before);
      before = after;
    }
    events.close();
  }));

Deno.test("hidden statistics are not recorded, histograms are in addition", () =>
  inTemporaryFolder(async (folder) => {
    const events = await EventFile.create(folder, () => 0);
    await events.writeSummary(
      1000,
      new Map([["Step", average(1)], ["Is Training", average(1)], [
        "Reward",
        REWARDS,
      ]]),
    );
    events.close();
    const text = new TextDecoder("latin1").decode(
      await Deno.readFile(events.path),
    );
    assert(!text.includes("Step") && !text.includes("Is Training"));
    assert.equal(text.split("Reward").length - 1, 2);
    assert(text.includes("Reward_hist"));
  }));

Deno.test("a folder that is not there is named", async () => {
  await assert.rejects(
    EventFile.create("/no/such/folder", () => 0),
    (error: unknown) =>
      error instanceof UserError && error.message.includes("/no/such/folder"),
  );
});

Deno.test("TensorBoard reads scalars, histograms and settings", () =>
  inTemporaryFolder(async (folder) => {
    const events = await EventFile.create(folder, () => 1_700_000_000_250);
    await events.writeSettings({ trainer_type: "ppo", nested: { a: null } });
    await events.writeSummary(
      12000,
      new Map([["Environment/Cumulative Reward", REWARDS]]),
    );
    await events.writeSummary(
      24000,
      new Map([
        ["Environment/Cumulative Reward", average(-0.1)],
        ["Policy/Entropy", average(NaN)],
      ]),
    );
    // A killed run may leave half a record at the end.
    await Deno.writeFile(
      join(folder, basename(events.path)),
      encodeTfRecord(encodeVersionEvent(0)).slice(0, 20),
      { append: true },
    );
    events.close();
    const output = await runPython(
      ["tensorboard"],
      `
import sys, json
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
events = EventAccumulator(sys.argv[1], size_guidance={"histograms": 0})
events.Reload()
tag = "Environment/Cumulative Reward"
histogram = events.Histograms(tag + "_hist")[0]
value = histogram.histogram_value
text = events.Tensors("Hyperparameters/text_summary")[0]
print(json.dumps({
    "tags": events.Tags(),
    "rewards": [[e.wall_time, e.step, e.value] for e in events.Scalars(tag)],
    "entropy": str(events.Scalars("Policy/Entropy")[0].value),
    "histogram": [
        histogram.step, value.min, value.max, value.num, value.sum,
        value.sum_squares, list(value.bucket_limit), list(value.bucket)],
    "plugin": events.SummaryMetadata("Hyperparameters/text_summary").plugin_data.plugin_name,
    "text": text.tensor_proto.string_val[0].decode(),
}))
`,
      [folder],
    );
    if (output === null) return;
    const seen = JSON.parse(output.trim().split("\n").at(-1) ?? "");
    const tag = "Environment/Cumulative Reward";
    assert.deepEqual(seen.tags.scalars, [tag, "Policy/Entropy"]);
    assert.deepEqual(seen.tags.histograms, [`${tag}_hist`]);
    assert.deepEqual(seen.rewards, [
      [1_700_000_000.25, 12000, 2.25],
      [1_700_000_000.25, 24000, Math.fround(-0.1)],
    ]);
    assert.equal(seen.entropy, "nan");
    const [step, min, max, count, sum, squares, limits, counts] =
      seen.histogram;
    assert.deepEqual([step, min, max, count, sum, squares], [
      12000,
      0.5,
      4,
      2,
      4.5,
      16.25,
    ]);
    assert.equal(limits.length, counts.length);
    assert.equal(counts.reduce((a: number, b: number) => a + b), 2);
    assert(limits[0] <= 0.5 && 0.5 < limits[1] && limits.at(-1) > 4);
    assert.equal(seen.plugin, "text");
    assert.equal(seen.text, "\ttrainer_type:\tppo\n\tnested:\t\n\t  a:\tNone");
  }));
