/** Several Unity players in one run, from the command line, and their troubles. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { writePlayerWrapper } from "../../lib/env/player/player_wrapper.ts";
import type { RunConfiguration } from "../../lib/settings/run_settings.ts";
import { freePort } from "../env/unity/fake_player.ts";
import { processesNaming } from "../env/unity/scripts.ts";
import { writeConfiguration } from "../support/basic_run.ts";
import {
  assertFailure,
  type Outcome,
  runCommand,
  startCommand,
} from "../support/command.ts";
import { digestOf, filesOf } from "../support/files_of.ts";
import { testRepeatedly } from "../support/test_repeatedly.ts";
import { inTemporaryFolder } from "../util/temporary_folder.ts";

/** A run that takes a second or two of playing; 12 agents to a player. */
const configuration = (max_steps: number): RunConfiguration => ({
  behaviors: {
    "3DBall": {
      hyperparameters: { batch_size: 64, buffer_size: 600 },
      network_settings: { normalize: true, hidden_units: 16, num_layers: 2 },
      max_steps,
      time_horizon: 50,
      summary_freq: 1000,
      checkpoint_interval: 1e6,
    },
  },
  checkpoint_settings: { run_id: "r" },
});

/** A folder with a configuration and a player that makes these troubles. */
class Scene {
  /** The stand-in counts its starts by port. */
  readonly #basePort = freePort();

  constructor(readonly folder: string) {}

  /** Options for so many players; each of these is known by the folder. */
  words(count: number, ...options: string[]): string[] {
    return [
      "run.yaml",
      `--env=${join(this.folder, "game.x86_64")}`,
      `--num-envs=${count}`,
      `--base-port=${this.#basePort}`,
      "--seed=1",
      ...options,
    ];
  }

  run(count: number, ...options: string[]): Promise<Outcome> {
    return runCommand(this.words(count, ...options), this.folder);
  }

  /** Ids of players that run, all or one. */
  players(workerId?: number): number[] {
    const log = `Player-${workerId ?? ""}`;
    return processesNaming(this.folder).filter((pid) =>
      Deno.readTextFileSync(`/proc/${pid}/cmdline`).includes(log)
    );
  }

  read(...path: string[]): string {
    return Deno.readTextFileSync(join(this.folder, "results", "r", ...path));
  }
}

function testPlayers(
  name: string,
  { steps = 5000, troubles = [] }: {
    steps?: number;
    troubles?: readonly string[];
  },
  body: (scene: Scene) => Promise<void>,
): void {
  testRepeatedly(name, () =>
    inTemporaryFolder(async (folder) => {
      writeConfiguration(folder, configuration(steps));
      await writePlayerWrapper(join(folder, "game.x86_64"), "sim:3DBall", [
        // It counts the starts of each player.
        `--record=${join(folder, "record")}`,
        ...troubles.map((each) => `--trouble=${each}`),
      ]);
      await body(new Scene(folder));
      assert.deepEqual(processesNaming(folder), [], "no process is left");
    }));
}

/** Checks that a run went to its end, and counts the restarts it tells of. */
function assertFinished({ code, output, errors }: Outcome, restarts = 0): void {
  assert.equal(code, 0, errors);
  assert.match(output, /^\[INFO\] Finished after /m);
  const told = (output + errors).match(/It is started again/g) ?? [];
  assert.equal(told.length, restarts, output + errors);
}

/** Reads a program's output until it has said something; returns the rest. */
async function readUntil(
  child: Deno.ChildProcess,
  pattern: RegExp,
): Promise<() => Promise<Outcome>> {
  const errors = new Response(child.stderr).text();
  const reader = child.stdout.pipeThrough(new TextDecoderStream()).getReader();
  let output = "";
  const read = async () => {
    const { value, done } = await reader.read();
    output += value ?? "";
    return done;
  };
  while (!pattern.test(output)) {
    if (await read()) assert.fail(`it ended: ${output}${await errors}`);
  }
  return async () => {
    while (!await read());
    const { code } = await child.status;
    return { code, output, errors: await errors };
  };
}

testPlayers("four players train one policy", {}, async (scene) => {
  const outcome = await scene.run(4);
  assertFinished(outcome);
  assert.equal(outcome.errors, "");
  for (const id of [0, 1, 2, 3]) {
    assert.match(scene.read("run_logs", `Player-${id}.log`), /3DBall/);
  }
  assert.match(scene.read("configuration.yaml"), /^ {2}num_envs: 4$/m);
  assert.doesNotMatch(scene.read("configuration.yaml"), /lockstep/);
  scene.read("3DBall.onnx");
});

testPlayers(
  "in lockstep several players repeat a run to the bit",
  {},
  async (scene) => {
    for (const run of ["r", "s"]) {
      assertFinished(await scene.run(3, "--lockstep", `--run-id=${run}`));
    }
    const [first, second] = ["r", "s"].map((run) =>
      digestOf(join(scene.folder, "results", run, "3DBall.onnx"))
    );
    assert.equal(await second, await first);
    assert.match(scene.read("configuration.yaml"), /^ {2}lockstep: true$/m);
  },
);

testPlayers(
  "a run goes on with another number of players, and acts",
  {},
  async (scene) => {
    assertFinished(await scene.run(2));
    writeConfiguration(scene.folder, configuration(8000));
    const resumed = await scene.run(3, "--resume");
    assertFinished(resumed);
    assert.match(resumed.output, /goes on/);
    const child = startCommand(scene.words(2, "--inference"), scene.folder);
    const finish = await readUntil(child, /Step: 2000/);
    child.kill("SIGINT");
    assert.equal((await finish()).code, 130);
  },
);

testPlayers("Ctrl-C saves a run of several players and ends them all", {
  steps: 1e6,
}, async (scene) => {
  const child = startCommand(scene.words(3), scene.folder);
  const finish = await readUntil(child, /Step: 1000\./);
  assert.equal(scene.players().length, 3);
  child.kill("SIGINT");
  const { code, output } = await finish();
  assert.equal(code, 130);
  assert.match(output, /Saved step .*Stopped after/s);
});

testPlayers("one of four is killed in mid-run: the others go on", {
  steps: 40_000,
}, async (scene) => {
  const child = startCommand(scene.words(4), scene.folder);
  const finish = await readUntil(child, /Step: 1000\./);
  const [killed, ...others] = scene.players(2);
  assert.deepEqual(others, []);
  Deno.kill(killed, "SIGKILL");
  const outcome = await finish();
  assertFinished(outcome, 1);
  assert.match(
    outcome.output + outcome.errors,
    /player 2: .*SIGKILL[^]*It is started again: restart 1 of 10\./,
  );
});

testPlayers("one of three hangs: it is started again in time", {
  steps: 1e6,
  troubles: ["delay:forever@30,worker=1,start=1"],
}, async (scene) => {
  const child = startCommand(scene.words(3, "--timeout-wait=5"), scene.folder);
  const finish = await readUntil(child, /It is started again.*\n[^]*Step: /);
  child.kill("SIGINT");
  const { code, output } = await finish();
  assert.equal(code, 130);
  assert.match(output, /player 1: .*silent for 5 s/);
  assert.equal(output.match(/It is started again/g)?.length, 1);
});

testPlayers("one of three is closed: the others go on without it", {
  troubles: ["close@30,worker=0"],
}, async (scene) => {
  const outcome = await scene.run(3);
  assertFinished(outcome);
  assert.match(
    outcome.output + outcome.errors,
    /player 0: .*\n[^]*The other 2 go on without it\./,
  );
});

testPlayers("the last one is closed: the run ends, saved", {
  steps: 1e6,
  troubles: ["close@100"],
}, async (scene) => {
  const outcome = await scene.run(2);
  assertFailure(outcome, 1, /^error: player [01]: /m);
  assert.match(outcome.output, /Saved step /);
  assert.match(outcome.output + outcome.errors, /The other goes on/);
});

testPlayers("one of three dies again and again: the run ends, saved", {
  steps: 1e6,
  troubles: ["crash:SIGKILL@100,worker=2"],
}, async (scene) => {
  const outcome = await scene.run(3);
  assertFailure(
    outcome,
    1,
    /player 2: .*SIGKILL/,
    /player 2: it may not be started again so soon \(found 1 restart in the last 60 s\)/,
  );
  assert.match(outcome.output, /Saved step /);
});

testPlayers("one of three sends NaN: the run ends, saved", {
  steps: 1e6,
  troubles: ["nan-observation@100,worker=1"],
}, async (scene) => {
  const outcome = await scene.run(3);
  assertFailure(outcome, 1, /player 1: .*not a finite number/);
  assert.match(outcome.output, /Saved step /);
});

testPlayers("one of three comes back with other sensors: the run ends, saved", {
  steps: 1e6,
  troubles: ["crash@100,worker=1", "shape@1+,worker=1,start=2"],
}, async (scene) => {
  const outcome = await scene.run(3);
  assertFailure(outcome, 1, /player 1: 3DBall\?team=0: /);
  assert.match(outcome.output, /Saved step /);
});

testPlayers("one of three dies at once: nothing begins, the logs stay", {
  troubles: ["crash:7@hello,worker=1,start=1"],
}, async (scene) => {
  assertFailure(await scene.run(3), 1, /player 1: .*exit code 7/);
  const files = Object.keys(await filesOf(join(scene.folder, "results")));
  assert(files.length > 0);
  assert(files.every((name) => /Player-\d\.log$/.test(name)), `${files}`);
  // The name of the run is free all the same.
  assertFinished(await scene.run(3));
});

testPlayers("one of three never connects: the run ends in time", {
  troubles: ["delay:forever@hello,worker=1"],
}, async (scene) => {
  const outcome = await scene.run(3, "--timeout-wait=10");
  assertFailure(outcome, 1, /player 1: .*within 10 s/);
});
