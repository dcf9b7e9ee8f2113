import assert from "node:assert/strict";
import {
  parseCommandLine,
  type TrainCommand,
} from "../../lib/api/command_line.ts";
import { version } from "../../lib/api/version.ts";
import { refusal } from "./refusal.ts";
import { resolveSettings } from "../../lib/settings/resolve_settings.ts";

/** The command to train that a line of words means. */
function train(line: string): TrainCommand {
  const command = parseCommandLine(line.split(" ").filter((word) => word));
  assert.equal(command.kind, "train");
  return command.kind === "train" ? command : assert.fail();
}

Deno.test("a configuration, or nothing, is trained", () => {
  assert.deepEqual(train("config/3dball.yaml"), {
    kind: "train",
    configPath: "config/3dball.yaml",
    overrides: { run: {}, everyBehavior: {} },
    debug: false,
    warnings: [],
  });
  assert.ok(!("configPath" in train("")));
});

Deno.test("every option sets its setting, before or after the file", () => {
  const { overrides, configPath, debug } = train(
    "--env sim:3DBall --run-id a --seed 7 a.yaml --resume --force " +
      "--inference --initialize-from b --base-port 6000 --num-envs 4 " +
      "--num-areas 3 --timeout-wait 5 --max-lifetime-restarts -1 " +
      "--restarts-rate-limit-n 2 --restarts-rate-limit-period-s 30 " +
      "--lockstep " +
      "--width 1 --height 2 --quality-level 0 --time-scale 1.5 " +
      "--target-frame-rate -1 --capture-frame-rate 0 --no-graphics " +
      "--no-graphics-monitor --results-dir out --model-version 2 --torch-device cpu " +
      "--deterministic --debug",
  );
  assert.equal(configPath, "a.yaml");
  assert.equal(debug, true);
  assert.deepEqual(overrides, {
    run: {
      env_settings: {
        env_path: "sim:3DBall",
        seed: 7,
        num_envs: 4,
        num_areas: 3,
        base_port: 6000,
        timeout_wait: 5,
        max_lifetime_restarts: -1,
        restarts_rate_limit_n: 2,
        restarts_rate_limit_period_s: 30,
        lockstep: true,
      },
      engine_settings: {
        width: 1,
        height: 2,
        quality_level: 0,
        time_scale: 1.5,
        target_frame_rate: -1,
        capture_frame_rate: 0,
        no_graphics: true,
        no_graphics_monitor: true,
      },
      checkpoint_settings: {
        run_id: "a",
        resume: true,
        force: true,
        initialize_from: "b",
        inference: true,
        results_dir: "out",
        model_version: 2,
      },
      torch_settings: { device: "cpu" },
      debug: true,
    },
    everyBehavior: { network_settings: { deterministic: true } },
  });
});

Deno.test("an option that is present wins, even with the default's value", () => {
  const written = {
    checkpoint_settings: { run_id: "mine", resume: true },
    engine_settings: { no_graphics: true, width: 100 },
  };
  const settingsOf = (line: string) =>
    resolveSettings(written, train(line).overrides).settings;
  assert.equal(settingsOf("").checkpoint_settings.run_id, "mine");
  assert.equal(settingsOf("--run-id ppo").checkpoint_settings.run_id, "ppo");
  assert.equal(settingsOf("--no-resume").checkpoint_settings.resume, false);
  assert.equal(settingsOf("").engine_settings.no_graphics, true);
  assert.equal(settingsOf("--graphics").engine_settings.no_graphics, false);
  assert.equal(settingsOf("--height 9").engine_settings.width, 100);
});

Deno.test("forms of an option: joined, shortened, numbers in any spelling", () => {
  const { run } = train("--run-id=a=b --num-env=2.0e0 --init c").overrides;
  assert.deepEqual(run, {
    checkpoint_settings: { run_id: "a=b", initialize_from: "c" },
    env_settings: { num_envs: 2 },
  });
});

Deno.test("--model names what acts, once or for each behavior", () => {
  const { models } = train("--inference --model a.onnx --model=B=b=c.onnx");
  assert.deepEqual(models, {
    others: "a.onnx",
    byBehavior: new Map([["B", "b=c.onnx"]]),
  });
  assert.ok(!("models" in train("--inference")));
  assert.match(
    refusal("--model a.onnx --model b.onnx"),
    /--model: names two models for the same behaviors \(found b\.onnx\)/,
  );
  assert.match(refusal("--model --force"), /It is an option itself/);
});

Deno.test("--env-args takes the rest, word by word", () => {
  const envArgs = (line: string) => {
    const { overrides, configPath } = train(line);
    return [configPath, Object(overrides.run?.env_settings).env_args];
  };
  assert.deepEqual(envArgs("a.yaml --env-args --seed x --env-args --num-env"), [
    "a.yaml",
    ["--seed", "x", "--env-args", "--num-env"],
  ]);
  assert.deepEqual(envArgs("--env-args"), [undefined, []]);
  assert.deepEqual(envArgs("--env-args=a b"), [undefined, ["a", "b"]]);
});

Deno.test("wrong words are answered with what is near", () => {
  assert.equal(
    refusal("a.yaml --run-idd x"),
    "unknown option '--run-idd'\n  Did you mean --run-id?",
  );
  assert.match(refusal("--res"), /unknown option '--res'/);
  assert.match(refusal("a.yaml b.yaml"), /too many arguments/);
  assert.match(refusal("--run-id"), /option '--run-id <id>' argument missing/);
  assert.match(
    refusal("--run-id --resume"),
    /argument '--resume' is invalid\. It is an option itself\./,
  );
  assert.match(refusal("-x"), /unknown option '-x'\n {2}Use --help/);
});

Deno.test("all wrong arguments at once, in the words of the schema", () => {
  assert.equal(
    refusal("--num-envs some --seed 2.5 --time-scale 0"),
    '--seed: not a whole number (found "2.5"; allowed: a whole number from ' +
      "-1 to 2147483647)\n" +
      '--num-envs: wrong kind of value (found "some"; allowed: a whole number ' +
      "of environments from 1 to 10000)\n" +
      '--time-scale: out of range (found "0"; allowed: a number above 0)',
  );
});

Deno.test("options of earlier years that still mean something", () => {
  const { warnings, overrides, beside } = train(
    "a.yaml --load --train --slow --cpu --keep-checkpoints 9 --save-freq 1e4 " +
      "--curriculum c --sampler s.yaml --lesson 0 --num-runs 1 --multi-gpu",
  );
  assert.deepEqual(overrides, {
    run: {
      checkpoint_settings: { resume: true },
      engine_settings: { time_scale: 1 },
      torch_settings: { device: "cpu" },
    },
    everyBehavior: { keep_checkpoints: 9, checkpoint_interval: 10000 },
  });
  assert.deepEqual(beside, { curriculum: "c", sampler: "s.yaml" });
  assert.deepEqual(warnings.map(({ path }) => path), [
    "--load",
    "--train",
    "--slow",
    "--curriculum",
    "--sampler",
    "--keep-checkpoints",
    "--save-freq",
    "--cpu",
    "--multi-gpu",
  ]);
  assert.match(warnings[0].what, /--resume/);
});

Deno.test("today's options win over those of earlier years", () => {
  const { run } = train("--slow --time-scale 3 --load --no-resume").overrides;
  assert.deepEqual(run, {
    checkpoint_settings: { resume: false },
    engine_settings: { time_scale: 3 },
  });
});

Deno.test("--worker-id counts up from the first port", () => {
  const port = (line: string) =>
    Object(train(line).overrides.run?.env_settings).base_port;
  assert.equal(port("--worker-id 2"), 5007);
  assert.equal(port("--base-port 6000 --worker-id 2"), 6002);
  assert.equal(port("--worker-id 0"), undefined);
  assert.match(
    refusal("--worker-id 65000"),
    /--worker-id: out of range \(found 70005; allowed: .* 65535\)/,
  );
  assert.match(refusal("--worker-id x"), /--worker-id: wrong kind of value/);
});

Deno.test("options without a like today say what to do", () => {
  const cures: Record<string, RegExp> = {
    "--lesson 2": /remove the lessons before from environment_parameters/,
    "--num-runs 3": /once for each run, each with another --run-id/,
    "--docker-target-name /data": /--results-dir/,
    "--run-path first": /--run-id/,
    "--batch-size 64": /hyperparameters\.batch_size of a behavior/,
    "--normalize": /network_settings\.normalize of a behavior/,
  };
  for (const [line, cure] of Object.entries(cures)) {
    assert.match(refusal(line), cure);
    assert.match(refusal(line), /^--[a-z-]+: is no option any more\n/);
  }
});

Deno.test("a Unity build in the configuration's place is recognised", () => {
  assert.equal(
    refusal("builds/3DBall.x86_64 --run-id a"),
    "a Unity build is no configuration (found builds/3DBall.x86_64)\n" +
      "  Name it with --env builds/3DBall.x86_64.",
  );
});

Deno.test("help is readable at 80 columns and has every option", () => {
  const command = parseCommandLine(["--help"]);
  assert.ok(command.kind === "help");
  for (const line of command.text.split("\n")) {
    assert.ok(line.length <= 80, line);
  }
  for (const part of ["Run:", "Environment:", "Unity engine:", "--env-args"]) {
    assert.ok(command.text.includes(part), part);
  }
  assert.ok(!command.text.includes("--load"));
  const serve = parseCommandLine(["serve", "--help"]);
  assert.ok(serve.kind === "help" && serve.text.includes("--mlagents-port"));
});

Deno.test("the version is the project's", () => {
  assert.deepEqual(parseCommandLine(["--version"]), {
    kind: "version",
    text: `${version}\n`,
  });
});
