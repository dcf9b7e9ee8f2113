/** Environments that are handed in, not named. */
import assert from "node:assert/strict";
import { environmentOf } from "../../lib/api/setting_commands.ts";
import type { SettingCommand } from "../../lib/api/environment_commands.ts";
import { runPermissions } from "../../lib/api/run_permissions.ts";
import { train } from "../../lib/api/train_builder.ts";
import { UserError } from "../../lib/errors.ts";
import { resolveSettings } from "../../lib/settings/resolve_settings.ts";
import { LineGame } from "../support/line_game.ts";
import { inTemporaryFolder } from "../util/temporary_folder.ts";

/** A game that tells when it is closed. */
class ClosingGame extends LineGame {
  closings = 0;

  constructor(readonly seed: number) {
    super({ seed, branches: 1 });
  }

  override close(): void {
    this.closings++;
  }
}

const describe = (folder: string, behavior = "Line") =>
  train({
    behaviors: {
      [behavior]: {
        hyperparameters: { batch_size: 16, buffer_size: 64 },
        network_settings: { hidden_units: 8, num_layers: 1 },
        max_steps: 100,
      },
    },
  }).resultsDir(folder).seed(5);

Deno.test("a run trains in an environment that is there, and closes it", () =>
  inTemporaryFolder(async (folder) => {
    const game = new ClosingGame(1);
    const { steps } = await describe(folder).env("sim:Basic").env(game).run();
    assert(steps.Line > 100);
    assert(game.finalRewards("Line?team=0").length > 0);
    assert.equal(game.closings, 1);
  }));

Deno.test("one that is to be made is made of the run's seed", () =>
  inTemporaryFolder(async (folder) => {
    const games: ClosingGame[] = [];
    await describe(folder).env((seed) => {
      const game = new ClosingGame(seed);
      games.push(game);
      return game;
    }).run();
    const all = games.map(({ seed, closings }) => [seed, closings]);
    assert.deepEqual(all, [[5, 1]]);
  }));

Deno.test("it does not stand for several", () =>
  inTemporaryFolder(async (folder) => {
    const run = describe(folder).env("sim:Basic").envs(2);
    const refused = async () => void await run.env(new ClosingGame(1)).run();
    await assert.rejects(refused, (error: unknown) => {
      assert(error instanceof UserError);
      assert.match(error.message, /num_envs[^]*one's own is one[^]*found 2/);
      return true;
    });
  }));

Deno.test("behaviors that it does not have are refused at once", () =>
  inTemporaryFolder(async (folder) => {
    const refused = async () =>
      void await describe(folder, "Lime").env(new ClosingGame(1)).run();
    await assert.rejects(refused, /Lime/);
  }));

Deno.test("the last environment of a chain counts", () => {
  const game = new ClosingGame(1);
  const own: SettingCommand = { kind: "environment", environment: game };
  const path = (env_path: string | null): SettingCommand => ({
    kind: "set",
    settings: { env_settings: { env_path } },
  });
  const seed: SettingCommand = {
    kind: "set",
    settings: { env_settings: { seed: 3 } },
  };
  assert.equal(environmentOf([path("sim:Basic"), own, seed]), game);
  assert.equal(environmentOf([own, path("sim:Basic")]), undefined);
  assert.equal(environmentOf([]), undefined);
});

Deno.test("it needs no permission to be reached", () => {
  const { settings } = resolveSettings({});
  const kinds = (environment?: ClosingGame) =>
    runPermissions(settings, [], [], environment)
      .map(({ descriptor }) => descriptor.name);
  assert(kinds().includes("net"));
  assert(!kinds(new ClosingGame(1)).includes("net"));
});
