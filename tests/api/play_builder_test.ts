import assert from "node:assert/strict";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { play, type RunEvent, train, UserError } from "../../mod.ts";
import { writePlayerWrapper } from "../../lib/env/player/player_wrapper.ts";
import { freePort } from "../env/unity/fake_player.ts";
import { cueModel } from "../support/made_models.ts";
import { testWithSharedData } from "../support/shared_data.ts";
import { meanOf } from "../support/play_episodes.ts";
import { inTemporaryFolder } from "../util/temporary_folder.ts";

/** Sees 20 places as numbers and always goes the same way: to the first. */
function writeBasicModel(folder: string): string {
  const path = join(folder, "basic.onnx");
  Deno.writeFileSync(path, cueModel(3));
  return path;
}

async function rejects(
  play: PromiseLike<unknown>,
  message: RegExp,
): Promise<void> {
  await assert.rejects(
    Promise.resolve(play),
    (error) => error instanceof UserError && message.test(error.message),
  );
}

/** Trains Basic for a moment; returns the path of its model. */
async function trainedBasic(folder: string): Promise<string> {
  const { models } = await train({
    behaviors: {
      Basic: { max_steps: 300, network_settings: { hidden_units: 8 } },
    },
  }).env("sim:Basic").seed(1).runId("r").resultsDir(join(folder, "results"))
    .run();
  return models.Basic;
}

Deno.test("a model of ours plays as many episodes as are wanted", () =>
  inTemporaryFolder(async (folder) => {
    const path = await trainedBasic(folder);
    const events: RunEvent[] = [];
    const sketch = play(pathToFileURL(path)).env("sim:Basic").seed(4)
      .on((event) => {
        events.push(event);
      });
    const { reason, episodes, steps } = await sketch.episodes(7).run();
    assert.equal(reason, "finished");
    const { Basic } = episodes;
    assert.deepEqual(Basic.map(({ number }) => number), [0, 1, 2, 3, 4, 5, 6]);
    assert(Basic.every(({ length }) => length > 0));
    assert(steps.Basic >= meanOf(Basic.map(({ length }) => length)) * 7);
    const [started] = events;
    assert(started.type === "run_started" && started.inference);
    assert.deepEqual(started.models, [path]);
    const ended = events.at(-1);
    assert(ended?.type === "run_ended" && ended.reason === "finished");
    // The same description plays the same again; ten unless told.
    const again = await sketch.run();
    assert.deepEqual(again.episodes.Basic.slice(0, 7), Basic);
    assert.equal(again.episodes.Basic.length, 10);
    const other = await sketch.seed(5).run();
    assert.notDeepEqual(other.episodes, again.episodes);
  }));

Deno.test("nothing is written, and nothing of a run is needed", () =>
  inTemporaryFolder(async (folder) => {
    const path = await trainedBasic(folder);
    const results = join(folder, "other");
    const settings = { checkpoint_settings: { results_dir: results } };
    await play({ Basic: path }).env("sim:Basic").settings(settings)
      .episodes(1).run();
    await assert.rejects(Deno.stat(results), Deno.errors.NotFound);
  }));

Deno.test("mistakes are told before anything starts", () =>
  inTemporaryFolder(async (folder) => {
    const path = await trainedBasic(folder);
    const basic = play(path).env("sim:Basic");
    await rejects(basic.episodes(0).run(), /cannot be played \(found 0/);
    await rejects(basic.episodes(1.5).run(), /found 1\.5/);
    await rejects(play("none.onnx").env("sim:Basic").run(), /nothing there/);
    await rejects(
      play(path).env("sim:3DBall").run(),
      /3DBall: the model does not fit the sensor .* obs_0 of shape \[20\]/,
    );
    await rejects(
      play({ Basics: path }).env("sim:Basic").run(),
      /no behavior for a model .*Basics.*Did you mean Basic\?/s,
    );
    await rejects(
      play({ Walker: path }).env("sim:Basic").run(),
      /found Walker; allowed: Basic.*Use a name that is allowed/s,
    );
    await rejects(
      play(writeBasicModel(folder)).env("sim:Basic").run(),
      /obs_0 of shape \[3\]; allowed: obs_0 of shape \[20\]/,
    );
    await rejects(
      play(path).env("sim:Basic").settings({
        env_settings: { num_envs: 0 },
      }).run(),
      /num_envs/,
    );
  }));

Deno.test("it can be stopped, and tells what was played so far", () =>
  inTemporaryFolder(async (folder) => {
    const path = await trainedBasic(folder);
    const run = play(path).env("sim:Basic").episodes(1e9).run();
    for await (const event of run) {
      if (event.type === "progress" && event.meanReward !== null) break;
    }
    run.stop();
    const { reason, episodes } = await run;
    assert.equal(reason, "stopped");
    assert(episodes.Basic.length > 0 && episodes.Basic.length < 1e9);
  }));

const goals = { "3DBall": [99.5, 100.1], Basic: [0.925, 0.935] };

for (const [name, [least, most]] of Object.entries(goals)) {
  testWithSharedData(
    `Unity's own ${name} plays as in Unity`,
    `onnx/${name}.onnx`,
    (bytes) =>
      inTemporaryFolder(async (folder) => {
        const path = join(folder, "model.onnx");
        Deno.writeFileSync(path, bytes);
        const { episodes } = await play({ [name]: path }).env(`sim:${name}`)
          .seed(1).deterministic().episodes(50).run();
        const mean = meanOf(episodes[name].map(({ reward }) => reward));
        assert(mean >= least && mean <= most, `${mean}`);
      }),
  );
}

/** A scene with behaviors Resident and Brief, each with two choices. */
async function withCrowd(
  body: (crowd: { player: string; model: string }) => Promise<void>,
): Promise<void> {
  await inTemporaryFolder(async (folder) => {
    const player = join(folder, "game.x86_64");
    await writePlayerWrapper(player, "scene:Crowd");
    const model = join(folder, "cue.onnx");
    Deno.writeFileSync(model, cueModel(2));
    await body({ player, model });
  });
}

Deno.test("in a Unity player each behavior is played by its model", () =>
  withCrowd(async ({ player, model }) => {
    const { reason, episodes } = await play({
      Resident: model,
      Brief: model,
      Late: model,
    }).env(player).seed(1).episodes(1)
      .settings({ env_settings: { base_port: freePort() } }).run();
    assert.equal(reason, "finished");
    // One for each step in which the model chooses what it is shown.
    for (const behavior of ["Resident", "Brief"]) {
      const [{ reward, length }] = episodes[behavior];
      assert(length > 5 && reward >= length - 1, `${behavior} ${reward}`);
    }
  }));

Deno.test("a behavior without a model ends the play by name", () =>
  withCrowd(async ({ player, model }) => {
    await rejects(
      play({ Resident: model }).env(player).seed(1)
        .settings({ env_settings: { base_port: freePort() } }).run(),
      /Brief: there is no model for the behavior \(found models for Resident/,
    );
  }));
