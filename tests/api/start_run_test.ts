/** Whole runs through the public functions. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { type RunConfiguration, type RunEvent, train } from "../../mod.ts";
import { readCheckpoint } from "../../lib/store/checkpoint_file.ts";
import type { NamedArray } from "../../lib/util/arrays.ts";
import { basicRun } from "../support/basic_run.ts";
import { digestOf, filesOf } from "../support/files_of.ts";
import { eventsOf } from "../support/train_here.ts";
import { inTemporaryFolder } from "../util/temporary_folder.ts";

/** The weights of the newest checkpoint in a behavior's folder. */
async function weightsOf(folder: string): Promise<[string, NamedArray][]> {
  const path = join(folder, "checkpoint.safetensors");
  const { state } = await readCheckpoint(path);
  const weights = Object.entries(state)
    .filter(([name]) => /\.(weight|bias)$/.test(name));
  assert.notEqual(weights.length, 0);
  return weights;
}

const run = (configuration: RunConfiguration, folder: string) =>
  train(configuration).resultsDir(folder);

Deno.test("a run tells how it ended and where its model is", () =>
  inTemporaryFolder(async (folder) => {
    const events: RunEvent[] = [];
    const result = await run(basicRun, folder)
      .on((event) => void events.push(event)).run();
    assert.equal(result.runId, "r");
    assert.equal(result.reason, "finished");
    assert.equal(result.folder, join(folder, "r"));
    assert(result.steps.Basic > 300);
    assert.deepEqual(result.models, { Basic: join(folder, "r", "Basic.onnx") });
    assert.equal(
      await digestOf(result.models.Basic),
      await digestOf(
        join(folder, "r", "Basic", `Basic-${result.steps.Basic}.onnx`),
      ),
    );
    assert.equal(events[0].type, "run_started");
    assert.equal(events.at(-1)?.type, "run_ended");
  }));

Deno.test("iteration and stop: the run is saved and goes on later", () =>
  inTemporaryFolder(async (folder) => {
    const long = {
      ...basicRun,
      behaviors: { Basic: { ...basicRun.behaviors.Basic, max_steps: 1e6 } },
    };
    const handle = run(long, folder).run();
    for await (const event of handle) {
      if (event.type === "summary" && event.step >= 500) handle.stop();
    }
    const { reason, steps } = await handle;
    assert.equal(reason, "stopped");
    assert(steps.Basic >= 490);
    const again = run(long, folder).resume().run();
    const events: RunEvent[] = [];
    for await (const event of again) {
      events.push(event);
      if (event.type === "behavior_started") again.stop();
    }
    assert.equal(eventsOf(events, "behavior_started")[0].step, steps.Basic);
    assert.equal((await again).reason, "stopped");
  }));

Deno.test("a run goes on with another number of environments", () =>
  inTemporaryFolder(async (folder) => {
    const { steps } = await run(basicRun, folder).run();
    const further = {
      ...basicRun,
      behaviors: { Basic: { ...basicRun.behaviors.Basic, max_steps: 600 } },
    };
    const events: RunEvent[] = [];
    await run(further, folder).resume().envs(4)
      .on((event) => void events.push(event)).run();
    const [{ level, message }] = eventsOf(events, "notice");
    assert.equal(level, "warning");
    assert.match(
      message,
      /saved simulator state does not fit[^]*all episodes begin anew\.$/,
    );
    assert.equal(eventsOf(events, "behavior_started")[0].step, steps.Basic);
    assert(eventsOf(events, "run_ended")[0].steps.Basic > 600);
  }));

Deno.test("an event of a checkpoint means that its file is there", () =>
  inTemporaryFolder(async (folder) => {
    const present: boolean[] = [];
    await run(basicRun, folder).on((event) => {
      if (event.type !== "checkpoint") return;
      const name = `Basic-${event.step}.safetensors`;
      present.push(Deno.statSync(join(folder, "r", "Basic", name)).isFile);
    }).run();
    assert(present.length > 1 && present.every((each) => each));
  }));

Deno.test("a sink that throws fails the run but costs no checkpoint", () =>
  inTemporaryFolder(async (folder) => {
    const handle = run(basicRun, folder).on((event) => {
      if (event.type === "summary") throw new Error("my own mistake");
    }).run();
    await assert.rejects(async () => await handle, /my own mistake/);
    const files = Object.keys(await filesOf(join(folder, "r")));
    assert(files.some((name) => /Basic-\d+\.safetensors$/.test(name)));
    assert(!files.includes("run.lock"));
  }));

Deno.test("mistakes reject and leave no trace", () =>
  inTemporaryFolder(async (folder) => {
    const mistakes: [RunConfiguration, RegExp][] = [
      [{ env_settings: { env_path: "sim:Nothing" } }, /no such simulator/],
      [
        { ...basicRun, env_settings: { env_path: "sim:3DBall" } },
        /no settings for the environment's behavior "3DBall"/,
      ],
      [{ ...basicRun, behaviors: { Basic: { max_steps: 0 } } }, /max_steps/],
      [
        { ...basicRun, checkpoint_settings: { run_id: "../r" } },
        /another folder/,
      ],
      [
        {
          ...basicRun,
          behaviors: { Basic: { self_play: {} } },
        },
        /self_play: is not supported by this version yet/,
      ],
      [
        {
          ...basicRun,
          behaviors: {
            Basic: {
              trainer_type: "sac",
              hyperparameters: { buffer_size: 1e9 },
            },
          },
        },
        /^Basic: hyperparameters\.buffer_size: the replay does not fit into memory/,
      ],
    ];
    for (const [configuration, message] of mistakes) {
      const handle = run(configuration, folder).run();
      await assert.rejects(async () => await handle, {
        name: "UserError",
        message,
      });
    }
    assert.deepEqual([...Deno.readDirSync(folder)], []);
  }));

Deno.test("behaviors of other scenes are left aside", () =>
  inTemporaryFolder(async (folder) => {
    const { Basic } = basicRun.behaviors;
    // What only they need is no reason to refuse.
    const behaviors = { Basic, Far: { self_play: {} }, Away: {} };
    const handle = run({ ...basicRun, behaviors }, folder).run();
    const messages: string[] = [];
    for await (const event of handle) {
      if (event.type === "notice") messages.push(event.message);
    }
    assert.equal((await handle).reason, "finished");
    assert(messages.includes(
      "the environment does not have all listed behaviors (found Basic)\n" +
        "  Left aside: Far, Away.",
    ));
  }));

Deno.test("two runs do not share a folder at the same time", () =>
  inTemporaryFolder(async (folder) => {
    const first = run(basicRun, folder).run();
    for await (const event of first) {
      if (event.type === "behavior_started") break;
    }
    const second = run(basicRun, folder).force().run();
    await assert.rejects(async () => await second, /is using this run/);
    assert.equal((await first).reason, "finished");
  }));

Deno.test("a run starts from the weights of another, at step 0", () =>
  inTemporaryFolder(async (folder) => {
    await run(basicRun, folder).run();
    const events: RunEvent[] = [];
    const handle = run(basicRun, folder).runId("s").initializeFrom("r").run();
    for await (const event of handle) {
      events.push(event);
      if (event.type === "behavior_started") handle.stop();
    }
    const source = await weightsOf(join(folder, "r", "Basic"));
    const target = await weightsOf(join(folder, "s", "Basic"));
    assert.deepEqual(target, source);
    assert.equal(eventsOf(events, "behavior_started")[0].step, 0);
  }));

Deno.test("inference shows what was learned and writes nothing", () =>
  inTemporaryFolder(async (folder) => {
    await run(basicRun, folder).run();
    const before = await filesOf(folder);
    const handle = run(basicRun, folder).inference().run();
    let summaries = 0;
    for await (const event of handle) {
      if (event.type === "summary" && ++summaries === 3) handle.stop();
    }
    const { reason, models } = await handle;
    assert.deepEqual([reason, models], ["stopped", {}]);
    assert.deepEqual(await filesOf(folder), before);
  }));

Deno.test("several environments of a simulator play side by side", () =>
  inTemporaryFolder(async (folder) => {
    const one = await run(basicRun, folder).run();
    const four = await run(basicRun, folder).runId("four").envs(4).run();
    assert(one.steps.Basic > 300 && four.steps.Basic > 300);
    assert.notEqual(
      await digestOf(one.models.Basic),
      await digestOf(four.models.Basic),
    );
  }));
