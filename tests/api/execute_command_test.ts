/** The command line as a user meets it, bad input above all. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { freePort } from "../env/unity/fake_player.ts";
import { basicRun, writeConfiguration } from "../support/basic_run.ts";
import {
  assertFailure,
  commandWords,
  runCommand,
  startCommand,
  toOutcome,
} from "../support/command.ts";
import { filesOf } from "../support/files_of.ts";
import { onMountedDisk } from "../support/mounted.ts";
import { withStrangePlayer } from "../support/strange_player.ts";
import { inTemporaryFolder } from "../util/temporary_folder.ts";

/** A folder with `run.yaml` and the results of its run. */
async function afterOneRun(
  body: (folder: string) => Promise<void>,
): Promise<void> {
  await inTemporaryFolder(async (folder) => {
    const file = writeConfiguration(folder, basicRun);
    const { code, errors } = await runCommand([file], folder);
    assert.equal(code, 0, errors);
    await body(folder);
  });
}

Deno.test("a run says what it does and leaves its files", () =>
  inTemporaryFolder(async (folder) => {
    const file = writeConfiguration(folder, basicRun);
    const { code, output, errors } = await runCommand([file], folder);
    assert.equal(errors, "");
    assert.equal(code, 0);
    const lines = output.trimEnd().split("\n");
    assert(lines.every((line) => line.startsWith("[INFO] ")), output);
    assert.match(lines[0], /^\[INFO\] Run "r" starts, seed 1\.$/);
    assert.match(lines[1], /^\[INFO\] Basic\. ppo, 20 observations/);
    const summary =
      /^\[INFO\] Basic\. Step: 100\. Time Elapsed: \d+\.\d{3} s\. Mean Reward: -?\d+\.\d{3}\. Std of Reward: \d+\.\d{3}\. Training\.$/;
    assert(lines.some((line) => summary.test(line)), output);
    assert.match(output, /Saved step \d+, model results\/r\/Basic\.onnx\.$/m);
    assert.match(lines.at(-1) ?? "", /Finished after .* Results: results\/r\./);
    const names = Object.keys(await filesOf(join(folder, "results", "r")))
      .map((name) => name.replace(/tfevents.*/, "tfevents"))
      .map((name) => name.replace(/-\d+\./, "-N."));
    assert.deepEqual([...new Set(names)].sort(), [
      "Basic.onnx",
      "Basic/Basic-N.onnx",
      "Basic/Basic-N.safetensors",
      "Basic/checkpoint.safetensors",
      "Basic/events.out.tfevents",
      "configuration.yaml",
      "run_logs/timers.json",
      "run_logs/training_status.json",
    ]);
  }));

Deno.test("a run that cannot begin leaves nothing behind", () =>
  inTemporaryFolder(async (folder) => {
    const { code, output, errors } = await runCommand(
      ["--env=sim:Nothing"],
      folder,
    );
    assertFailure(
      { code, output, errors },
      1,
      /no such simulator.*"Nothing".*3DBall, Basic/,
    );
    assert.deepEqual(await filesOf(folder), {});
  }));

/** Arguments, exit code, and what is said about them. */
const mistakes: readonly (readonly [string, number, ...RegExp[]])[] = [
  ["nothing.yaml", 1, /nothing\.yaml: no such configuration file/, /run\.yaml/],
  ["run.yaml --nonsense", 2, /unknown option '--nonsense'/],
  ["run.yaml --run-id --resume", 2, /--run-id/],
  ["run.yaml --seed=much", 2, /--seed: .*whole number/],
  ["run.yaml", 1, /the run id "r" is in use/, /--resume.*--force/],
  ["run.yaml --run-id=s --resume", 1, /no run "s" in results.*"r"/],
  ["run.yaml --run-id=rr --resume", 1, /Did you mean --run-id=r\?/],
  ["run.yaml --run-id=s --inference", 1, /no run "s" in results/],
  ["run.yaml --force --initialize-from=s", 1, /no run "s" in results/],
  ["run.yaml --model=m.onnx", 2, /--model: .*nothing says.*--inference/s],
  [
    "run.yaml --inference --model=m.onnx --initialize-from=r",
    2,
    /--model: .*another run is to act, too/,
  ],
  ["run.yaml --inference --model=m.onnx", 1, /read the model m\.onnx.*nothing/],
  ["run.yaml --inference --model=run.yaml", 1, /run\.yaml: .*whole ONNX model/],
  [
    "--env=sim:3DBall --inference --model=results/r/Basic.onnx",
    1,
    /Basic\.onnx: 3DBall: the model does not fit the sensor/,
    /another number of continuous actions \(found 0; allowed: 2\)/,
    /other branches of discrete actions \(found 3; allowed: none\)/,
  ],
  ["run.yaml --run-id=../s", 1, /run id.*another folder.*"\.\.\/s"/],
  ["run.yaml --run-id=..", 1, /run id/],
  ["run.yaml --force --env=sim:Basics", 1, /Did you mean "sim:Basic"\?/],
  ["run.yaml --force --env=./game", 1, /no such Unity player.*\.\/game/],
  ["run.yaml --force --env=run.yaml", 1, /may not be executed/, /chmod \+x/],
  ["run.yaml --force --env=results", 1, /is a folder, not an executable/],
  [
    "run.yaml --force --env=sim:3DBall",
    1,
    /no settings for the environment's behavior "3DBall"/,
    /behaviors\.Basic: the environment has no such behavior/,
  ],
  ["run.yaml --results-dir=run.yaml/a", 1, /a file where a folder should be/],
  ["outside.yaml --force", 1, /outside\.yaml:2:3.*another folder/],
  [
    "range.yaml --force",
    1,
    /range\.yaml:5:\d+: .*batch_size.*found 0/,
    /range\.yaml:6:\d+: .*epsilon.*found -1/,
    /learning_rat.*Did you mean learning_rate\?/s,
  ],
  [
    "other_size.yaml --resume",
    1,
    /Basic: the checkpoint's .* does not fit this run \(found \[20, 8\]/,
  ],
  [
    "other_size.yaml --force --initialize-from=r",
    1,
    /Basic: the checkpoint's .* does not fit this run/,
  ],
];

Deno.test("every mistake gets one answer and costs nothing", () =>
  afterOneRun(async (folder) => {
    Deno.writeTextFileSync(
      join(folder, "outside.yaml"),
      "behaviors:\n  ../../outside: {}\n",
    );
    Deno.writeTextFileSync(
      join(folder, "range.yaml"),
      "behaviors:\n  Basic:\n    hyperparameters:\n      learning_rat: 1\n" +
        "      batch_size: 0\n      epsilon: -1\n",
    );
    const { Basic } = basicRun.behaviors;
    const network_settings = { hidden_units: 9, num_layers: 1 };
    writeConfiguration(folder, {
      ...basicRun,
      behaviors: { Basic: { ...Basic, network_settings } },
    }, "other_size.yaml");
    const before = await filesOf(folder);
    // One after the other: a run can be opened once at a time.
    for (const [words, code, ...messages] of mistakes) {
      const outcome = await runCommand(words.split(" "), folder);
      assertFailure(outcome, code, ...messages);
      assert.doesNotMatch(outcome.output, /starts|goes on|Saved/, words);
    }
    assert.deepEqual(await filesOf(folder), before);
  }));

Deno.test("--debug shows where an error comes from", () =>
  inTemporaryFolder(async (folder) => {
    const { code, errors } = await runCommand(
      ["--env=sim:Nothing", "--debug"],
      folder,
    );
    assert.equal(code, 1);
    assert.match(errors, /no such simulator/);
    assert.match(errors, /^\s+at .+registry\.ts:\d+:\d+/m);
  }));

Deno.test("a resumed run that is done goes on with more steps", () =>
  afterOneRun(async (folder) => {
    const again = await runCommand(["run.yaml", "--resume"], folder);
    assert.match(again.output, /goes on.*\n.*step 3\d\d of 300.*\n.*Saved/);
    const { Basic } = basicRun.behaviors;
    writeConfiguration(folder, {
      ...basicRun,
      behaviors: { Basic: { ...Basic, max_steps: 500 } },
    }, "longer.yaml");
    const { code, output } = await runCommand(
      ["longer.yaml", "--resume"],
      folder,
    );
    assert.equal(code, 0);
    assert.match(output, /Step: 500\./);
    assert.match(output, /Finished after .* at step 5\d\d/);
  }));

Deno.test("--force replaces a run once the new one really begins", () =>
  afterOneRun(async (folder) => {
    const run = join(folder, "results", "r");
    const before = await filesOf(run);
    Deno.writeTextFileSync(join(run, "notes.txt"), "mine");
    const { code } = await runCommand(
      ["run.yaml", "--force", "--seed=2"],
      folder,
    );
    assert.equal(code, 0);
    const after = await filesOf(run);
    assert.notEqual(
      after["Basic/checkpoint.safetensors"],
      before["Basic/checkpoint.safetensors"],
    );
    const events = (files: Record<string, string>) =>
      Object.keys(files).filter((name) => name.includes("tfevents"));
    assert.equal(events(after).length, 1);
    assert.notDeepEqual(events(after), events(before));
    assert.equal(Deno.readTextFileSync(join(run, "notes.txt")), "mine");
  }));

Deno.test("a read-only place for results is named", () =>
  inTemporaryFolder(async (folder) => {
    const disk = join(folder, "disk");
    Deno.mkdirSync(disk);
    const file = writeConfiguration(folder, basicRun);
    const words = commandWords([join(folder, file), `--results-dir=${disk}`]);
    const result = await onMountedDisk(disk, "ro", words.join(" "));
    if (result === null) return;
    assertFailure(toOutcome(result), 1, /read-only file system/, /disk\/r/);
  }));

Deno.test("a full disk ends a run with what is safe, and it can go on", () =>
  inTemporaryFolder(async (folder) => {
    const disk = join(folder, "disk");
    Deno.mkdirSync(disk);
    const { Basic } = basicRun.behaviors;
    const file = writeConfiguration(folder, {
      ...basicRun,
      behaviors: {
        Basic: { ...Basic, max_steps: 1_000_000, keep_checkpoints: -1 },
      },
    });
    const words = commandWords([join(folder, file), `--results-dir=${disk}`]);
    const result = await onMountedDisk(
      disk,
      "size=200k",
      `{ ${words.join(" ")}; code=$?; ls -AR "${disk}"; ` +
        `rm "${disk}"/r/Basic/*.onnx; ${words.join(" ")} --resume; ` +
        `echo "resumed: $?"; exit $code; }`,
    );
    if (result === null) return;
    const outcome = toOutcome(result);
    assertFailure(outcome, 1, /no space left on the disk/);
    const [, step] = /saved in .*: Basic at step (\d+)/.exec(outcome.errors) ??
      assert.fail(outcome.errors);
    assert.match(outcome.errors, /Then go on with --run-id=r --resume/);
    assert(outcome.output.includes(`Basic-${step}.safetensors`));
    assert.doesNotMatch(outcome.output, /\.tmp$/m);
    assert.match(outcome.output, new RegExp(`goes on.*\n.*step ${step} of`));
  }));

Deno.test("a model acts until it is stopped, and writes nothing", () =>
  afterOneRun(async (folder) => {
    const before = await filesOf(folder);
    const words = "run.yaml --inference --model=Basic=results/r/Basic.onnx";
    const child = startCommand([...words.split(" "), "--seed=1"], folder);
    const errors = new Response(child.stderr).text();
    let output = "";
    for await (
      const text of child.stdout.pipeThrough(new TextDecoderStream())
    ) {
      const hasSummary = output.includes("Step: 100.");
      output += text;
      if (!hasSummary && output.includes("Step: 100.")) child.kill("SIGINT");
    }
    const { code } = await child.status;
    assert.equal(await errors, "");
    assert.equal(code, 130);
    const lines = output.split("\n");
    assert.equal(
      lines[0],
      "[INFO] Acting with results/r/Basic.onnx, seed 1.",
    );
    assert.equal(
      lines[1],
      "[INFO] Basic. model, 20 observations, discrete actions of 3 choices.",
    );
    assert.match(lines[2], /Step: 100\..* Mean Reward: .* Not Training\.$/);
    assert.match(output, /Stopped after .*, Basic at step [\d,]+\.$/m);
    assert.deepEqual(await filesOf(folder), before);
  }));

const gameRun = {
  behaviors: { Game: { ...basicRun.behaviors.Basic, max_steps: 10_000 } },
  checkpoint_settings: { run_id: "r" },
};

Deno.test("a player that cannot be used is refused before anything begins", () =>
  afterOneRun(async (folder) => {
    const file = writeConfiguration(folder, gameRun, "game.yaml");
    const before = await filesOf(folder);
    const refused: [string, RegExp][] = [
      ["old", /another version of the protocol.*0\.14\.0/],
      ["outside", /the behavior's name leads to another folder.*escaped/],
    ];
    for (const [kind, message] of refused) {
      await withStrangePlayer(kind, async (player) => {
        const outcome = await runCommand([
          file,
          "--force",
          `--env=${player}`,
          `--base-port=${freePort()}`,
        ], folder);
        assertFailure(outcome, 1, message);
      });
      assert.deepEqual(await filesOf(folder), before);
    }
  }));

Deno.test("a player that fails later costs nothing that was learned", () =>
  inTemporaryFolder(async (folder) => {
    const failures: [string, RegExp][] = [
      ["nan", /Game.*reward of agent 1 is not a finite number/],
      ["quits", /The Unity player ended \(found exit code 3\)[^]*has left/],
    ];
    for (const [kind, message] of failures) {
      const file = writeConfiguration(folder, {
        ...gameRun,
        checkpoint_settings: { run_id: kind },
      });
      await withStrangePlayer(kind, async (player) => {
        const outcome = await runCommand(
          [file, `--env=${player}`, `--base-port=${freePort()}`],
          folder,
        );
        assertFailure(outcome, 1, message);
        assert.match(outcome.output, /Game\. Saved step \d+ in results/);
        assert.match(outcome.output, /Failed after.*--resume\.$/m);
      });
      const files = Object.keys(await filesOf(join(folder, "results", kind)));
      assert(files.some((name) => /^Game\/Game-\d+\.safetensors$/.test(name)));
      assert(files.every((name) => !name.includes("lock")));
    }
  }));

Deno.test("a port in use is left to its program, and others are taken", () =>
  inTemporaryFolder(async (folder) => {
    const file = writeConfiguration(folder, gameRun);
    const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
    const { port } = listener.addr;
    await withStrangePlayer("old", async (player) => {
      const outcome = await runCommand(
        [file, `--env=${player}`, `--base-port=${port}`],
        folder,
      );
      // It did reach the player.
      assertFailure(outcome, 1, /another version of the protocol/);
      assert.match(
        outcome.output,
        new RegExp(
          `Port ${port} is in use.*: players connect to port ${port + 1} ` +
            `instead of port ${port}\\.`,
        ),
      );
    });
    listener.close();
    assert.deepEqual(Object.keys(await filesOf(folder)), ["run.yaml"]);
  }));

Deno.test("the Editor's port in use is named", () =>
  inTemporaryFolder(async (folder) => {
    const file = writeConfiguration(folder, gameRun);
    let listener: Deno.TcpListener | null = null;
    try {
      listener = Deno.listen({ hostname: "127.0.0.1", port: 5004 });
    } catch {
      // Somebody has it already, which is what this is about.
    }
    const outcome = await runCommand([file], folder);
    listener?.close();
    assertFailure(
      outcome,
      1,
      /Port 5004 is in use/,
      /Unity Editor connects to this port only/,
    );
  }));
