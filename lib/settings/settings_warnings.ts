/** What is legal in settings but surely not wanted. */
import { quote } from "../util/quote.ts";
import type { BehaviorSettings } from "./behavior_settings.ts";
import type { Finding } from "./findings.ts";
import type { SettingPath } from "./plain_maps.ts";
import type { RunSettings } from "./run_settings.ts";

/** Everything worth a second look in resolved settings. */
export function settingsWarnings(settings: RunSettings): Finding[] {
  const { behaviors, default_settings } = settings;
  const learns = !settings.checkpoint_settings.inference;
  return [
    ...default_settings === null
      ? []
      : behaviorWarnings(default_settings, ["default_settings"], learns),
    ...Object.entries(behaviors).flatMap(([name, each]) =>
      behaviorWarnings(each, ["behaviors", name], learns)
    ),
    ...curriculumWarnings(settings),
    ...runWarnings(settings),
  ];
}

function behaviorWarnings(
  settings: BehaviorSettings,
  base: SettingPath,
  learns: boolean,
): Finding[] {
  const found: Finding[] = [];
  const warn = (path: SettingPath, what: string, cure: string) =>
    found.push({ path: [...base, ...path], what, cure });
  const { max_steps, summary_freq, time_horizon, reward_signals } = settings;
  const { batch_size, buffer_size } = settings.hyperparameters;

  if (settings.trainer_type !== "sac") {
    const { epsilon, epsilon_schedule } = settings.hyperparameters;
    // Unity's own 3DBall leaves 0.3 % out, so only more than 1 % is worth a word.
    if (buffer_size % batch_size > buffer_size / 100) {
      warn(
        ["hyperparameters", "buffer_size"],
        `${buffer_size} is not a multiple of batch_size (${batch_size})`,
        "Each pass leaves out the experiences that fill no whole minibatch.",
      );
    }
    if (time_horizon > buffer_size) {
      warn(
        ["time_horizon"],
        `${time_horizon} is above buffer_size (${buffer_size})`,
        "One piece of an episode can overfill the buffer.",
      );
    }
    if (epsilon < 0.1 && epsilon_schedule === "linear") {
      warn(
        ["hyperparameters", "epsilon"],
        `${epsilon} rises to 0.1, where its linear schedule ends`,
        "Write epsilon_schedule: constant to keep it.",
      );
    }
  }
  for (const [key, steps] of learns ? stepsBeforeLearning(settings) : []) {
    if (steps <= max_steps) continue;
    warn(
      ["hyperparameters", key],
      `${steps} is above max_steps (${max_steps})`,
      "Nothing will be learned: the run ends before its first update.",
    );
  }
  if (summary_freq > max_steps) {
    warn(
      ["summary_freq"],
      `${summary_freq} is above max_steps (${max_steps})`,
      "No summary will appear.",
    );
  }
  if (settings.self_play && settings.self_play.team_change > max_steps) {
    warn(
      ["self_play", "team_change"],
      `${settings.self_play.team_change} is above max_steps (${max_steps})`,
      "Only one team will learn.",
    );
  }
  if (Object.keys(reward_signals).length === 0) {
    warn(
      ["reward_signals"],
      "no reward at all",
      "Write extrinsic: {} for the environment's own reward.",
    );
  }
  for (const [name, signal] of Object.entries(reward_signals)) {
    if (name === "extrinsic" || !signal?.network_settings.memory) continue;
    warn(
      ["reward_signals", name, "network_settings", "memory"],
      "without effect in a reward signal",
      "Memory belongs into the behavior's network_settings.",
    );
  }
  return found;
}

/** Keys that put the first update off, with so many steps. */
function stepsBeforeLearning(
  settings: BehaviorSettings,
): [key: string, steps: number][] {
  if (settings.trainer_type !== "sac") {
    return [["buffer_size", settings.hyperparameters.buffer_size]];
  }
  const { batch_size, steps_per_update } = settings.hyperparameters;
  return [["batch_size", batch_size], ["steps_per_update", steps_per_update]];
}

function curriculumWarnings(settings: RunSettings): Finding[] {
  const found: Finding[] = [];
  const listed = Object.keys(settings.behaviors);
  for (
    const [name, { curriculum }] of Object.entries(
      settings.environment_parameters,
    )
  ) {
    curriculum.forEach(({ completion_criteria }, i) => {
      if (!completion_criteria) return;
      const path = [
        "environment_parameters",
        name,
        "curriculum",
        i,
        "completion_criteria",
      ];
      const { behavior } = completion_criteria;
      if (i === curriculum.length - 1) {
        found.push({ path, atKey: true, what: "the last lesson never ends" });
      } else if (!settings.default_settings && !listed.includes(behavior)) {
        found.push({
          path: [...path, "behavior"],
          what: "no such behavior in this file, so the lesson may never end",
          found: quote(behavior, 60),
          allowed: listed.join(", "),
        });
      }
    });
  }
  return found;
}

function runWarnings(settings: RunSettings): Finding[] {
  const found: Finding[] = [];
  const { resume, force, load_model } = settings.checkpoint_settings;
  const { device } = settings.torch_settings;
  if (resume && force) {
    found.push({
      path: ["checkpoint_settings", "force"],
      what: "without effect beside resume: the run is continued",
    });
  }
  if (load_model && !resume) {
    found.push({
      path: ["checkpoint_settings", "load_model"],
      what: "does not continue a run",
      cure: "Write resume: true, or --resume.",
    });
  }
  if (device !== null && device !== "cpu") {
    found.push({
      path: ["torch_settings", "device"],
      what: "computing runs on the cpu",
      found: quote(device, 60),
    });
  }
  return found;
}
