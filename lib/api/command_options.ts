/** The options of the command line, as data. */

/** An option and the setting that it wins over. */
export interface CommandOption {
  /** As commander reads it: `--name` or `--name <argument>`. */
  readonly flags: string;
  readonly help: string;
  /** Where its value goes in the configuration, or in every behavior. */
  readonly path: readonly string[];
  readonly everyBehavior?: true;
}

/** Options under one heading of the help. */
export interface OptionGroup {
  readonly heading: string;
  readonly options: readonly CommandOption[];
}

const env = (flags: string, key: string, help: string): CommandOption => ({
  flags,
  help,
  path: ["env_settings", key],
});

const engine = (flags: string, key: string, help: string): CommandOption => ({
  flags,
  help,
  path: ["engine_settings", key],
});

const run = (flags: string, key: string, help: string): CommandOption => ({
  flags,
  help,
  path: ["checkpoint_settings", key],
});

/** All options that set something; `--env-args` is read apart from them. */
export const optionGroups: readonly OptionGroup[] = [
  {
    heading: "Run:",
    options: [
      run("--run-id <id>", "run_id", "name of the run and of its folder"),
      run("--resume", "resume", "continue the run of that name"),
      run("--force", "force", "replace the run of that name"),
      run(
        "--initialize-from <id>",
        "initialize_from",
        "start from the weights of an earlier run",
      ),
      run("--inference", "inference", "act only, learn nothing"),
      run(
        "--results-dir <folder>",
        "results_dir",
        "folder of all runs (results)",
      ),
      run(
        "--model-version <n>",
        "model_version",
        "of models for Unity: 3, or 2 for package 1.x",
      ),
      {
        flags: "--deterministic",
        help: "act without randomness",
        path: ["network_settings", "deterministic"],
        everyBehavior: true,
      },
      {
        flags: "--torch-device <device>",
        help: "accepted; computing runs on the cpu",
        path: ["torch_settings", "device"],
      },
      {
        flags: "--debug",
        help: "show stack traces and details",
        path: ["debug"],
      },
    ],
  },
  {
    heading: "Environment:",
    options: [
      env(
        "--env <path>",
        "env_path",
        "a Unity build, or sim:NAME; without it the Editor",
      ),
      env("--seed <n>", "seed", "seed of all randomness (-1 draws one)"),
      env("--num-envs <n>", "num_envs", "environments side by side (1)"),
      env("--num-areas <n>", "num_areas", "areas in each environment (1)"),
      env("--base-port <n>", "base_port", "port of the first one (5005)"),
      env(
        "--timeout-wait <s>",
        "timeout_wait",
        "longest silence, seconds (60)",
      ),
      env(
        "--max-lifetime-restarts <n>",
        "max_lifetime_restarts",
        "restarts after crashes (10; -1 = any)",
      ),
      env(
        "--restarts-rate-limit-n <n>",
        "restarts_rate_limit_n",
        "of these within the period (1)",
      ),
      env(
        "--restarts-rate-limit-period-s <s>",
        "restarts_rate_limit_period_s",
        "the period, seconds (60)",
      ),
      env(
        "--lockstep",
        "lockstep",
        "wait for all environments in each step: slower, and repeatable",
      ),
    ],
  },
  {
    heading: "Unity engine:",
    options: [
      engine("--width <pixels>", "width", "window width (84)"),
      engine("--height <pixels>", "height", "window height (84)"),
      engine("--quality-level <n>", "quality_level", "Unity's level (5)"),
      engine("--time-scale <x>", "time_scale", "times real time (20)"),
      engine(
        "--target-frame-rate <n>",
        "target_frame_rate",
        "frames per second (-1 = any)",
      ),
      engine(
        "--capture-frame-rate <n>",
        "capture_frame_rate",
        "frames per simulated second (60)",
      ),
      engine("--no-graphics", "no_graphics", "start Unity without a window"),
      engine(
        "--no-graphics-monitor",
        "no_graphics_monitor",
        "only the first environment draws",
      ),
    ],
  },
];

/** The options of all groups. */
export const commandOptions: readonly CommandOption[] = optionGroups.flatMap(
  ({ options }) => options,
);
