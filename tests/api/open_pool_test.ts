import assert from "node:assert/strict";
import { join } from "node:path";
import { openPool, type OpenPoolOptions } from "../../lib/api/open_pool.ts";
import { readRecord } from "../../lib/env/player/player_record.ts";
import { writePlayerWrapper } from "../../lib/env/player/player_wrapper.ts";
import { resolveSettings } from "../../lib/settings/resolve_settings.ts";
import type { RunConfiguration } from "../../lib/settings/run_settings.ts";
import { freePort } from "../env/unity/fake_player.ts";
import { withScript } from "../env/unity/scripts.ts";
import { inTemporaryFolder } from "../util/temporary_folder.ts";

const optionsOf = (
  configuration: RunConfiguration,
  options: Partial<OpenPoolOptions> = {},
): OpenPoolOptions => ({
  settings: resolveSettings(configuration).settings,
  seed: 7,
  logDirectory: null,
  onNotice: () => {},
  onWaiting: () => {},
  signal: new AbortController().signal,
  ...options,
});

Deno.test("a simulator is one environment with the agents of all", async () => {
  const pool = await openPool(optionsOf({
    env_settings: { env_path: "sim:3DBall", num_envs: 3 },
  }));
  await pool.reset();
  const [{ environment, name }, ...others] = pool.members;
  assert.deepEqual(others, []);
  assert.equal(name, null);
  assert.equal(environment.getSteps("3DBall?team=0").decision.count, 36);
});

Deno.test("each player has its port and log, and the first one draws alone", () =>
  withScript(
    // Fails to start, once all have told how they were started.
    'cd "$(dirname "$0")"; echo "$@" > "words-$$"; ' +
      'while [ "$(ls words-* | wc -l)" -lt 3 ]; do sleep 0.05; done; exit 3',
    async (player, folder) => {
      const base_port = freePort();
      const notices: string[] = [];
      await assert.rejects(
        openPool(optionsOf({
          env_settings: {
            env_path: player,
            num_envs: 3,
            base_port,
            env_args: ["--level", "2"],
          },
          engine_settings: { no_graphics_monitor: true },
        }, {
          logDirectory: folder,
          onNotice: (message) => void notices.push(message),
        })),
        /^UserError: player [012]: The Unity player ended \(found exit code 3\)/,
      );
      // Others may use the ports that follow a free one.
      const port = Number(
        /ports (\d+) to \d+ instead/.exec(notices.join())?.[1] ?? base_port,
      );
      const words = [...Deno.readDirSync(folder)]
        .filter(({ name }) => name.startsWith("words"))
        .map(({ name }) => Deno.readTextFileSync(join(folder, name)).trim());
      assert.deepEqual(
        words.sort((a, b) => a.localeCompare(b)),
        [0, 1, 2].map((id) =>
          (id === 0 ? "" : "-nographics -batchmode ") +
          `--mlagents-port ${port + id} ` +
          `-logFile ${join(folder, `Player-${id}.log`)} --level 2`
        ).sort((a, b) => a.localeCompare(b)),
      );
    },
  ));

Deno.test("players draw apart, and say once what all of them say", () =>
  inTemporaryFolder(async (folder) => {
    const [player, record] = ["game.x86_64", "record"]
      .map((name) => join(folder, name));
    await writePlayerWrapper(player, "sim:3DBall", [
      `--record=${record}`,
      "--trouble=unknown-channel@1+",
    ]);
    const notices: string[] = [];
    const pool = await openPool(optionsOf({
      env_settings: { env_path: player, num_envs: 2, base_port: freePort() },
      environment_parameters: {
        mass: { sampler_type: "uniform", sampler_parameters: { seed: 3 } },
        scale: { sampler_type: "uniform", sampler_parameters: {} },
      },
    }, { onNotice: (message) => void notices.push(message) }));
    try {
      const names = pool.members.map(({ name }) => name);
      assert.deepEqual(names, ["player 0", "player 1"]);
      await pool.reset();
      for (const { environment } of pool.members) {
        for (let i = 0; i < 3; i++) await environment.step();
      }
    } finally {
      await pool.close();
    }
    const unknown = notices.filter((each) => each.includes("side channel"));
    assert.equal(unknown.length, 1, notices.join("\n"));
    const events = readRecord(record);
    const seeds = events.flatMap((each) =>
      each.event === "greeting" ? each.seed : []
    );
    assert.deepEqual(seeds.sort(), [7, 8]);
    const samplers = events.flatMap((each) =>
      each.event === "parameter" && typeof each.parameter === "object"
        ? `${each.name} ${each.parameter.seed}`
        : []
    );
    assert.deepEqual(
      new Set(samplers),
      new Set([
        "mass 3",
        "scale 7",
        "mass 100006",
        "scale 100010",
      ]),
    );
  }));
