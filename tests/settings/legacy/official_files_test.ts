/**
 * Unity's own files of 0.5 to 0.17, read in place: what becomes of each, and
 * whether it means what it meant.
 */
import assert from "node:assert/strict";
import { basename } from "node:path";
import { UserError } from "../../../lib/errors.ts";
import { readConfigurationFile } from "../../../lib/settings/legacy/configuration_file.ts";
import {
  upgradeConfiguration,
  type Upgraded,
} from "../../../lib/settings/legacy/upgrade_configuration.ts";
import {
  isPlainMap,
  type PlainMap,
  valueAt,
} from "../../../lib/settings/plain_maps.ts";
import { readSettings } from "../../../lib/settings/read_settings.ts";
import { resolveSettings } from "../../../lib/settings/resolve_settings.ts";
import type { RunSettings } from "../../../lib/settings/run_settings.ts";
import { runPython } from "../../store/python.ts";
import { testWithSharedData } from "../../support/shared_data.ts";

/** What becomes of a file. */
interface Outcome {
  /** For which versions it is taken; none if it is refused. */
  readonly era?: string;
  /** How many of its settings could not be carried over. */
  readonly lost?: number;
  /** A part of a configuration: the option that takes it beside one. */
  readonly option?: "--curriculum" | "--sampler";
  /** Whether `default` could become `default_settings`. */
  readonly defaults?: boolean;
  readonly refused?: RegExp;
}

const curriculumFile: Outcome = {
  era: "ML-Agents 0.2 to 0.13",
  option: "--curriculum",
};
const curriculaFile: Outcome = {
  era: "ML-Agents 0.14 to 0.16",
  option: "--curriculum",
};
const samplerFile: Outcome = {
  era: "ML-Agents 0.9 to 0.16",
  option: "--sampler",
};

/** Every old file by its era's folder. */
const outcomes: Readonly<Record<string, Readonly<Record<string, Outcome>>>> = {
  "0.5.0a/config": {
    "curricula/push-block/PushBlockBrain.json": curriculumFile,
    "curricula/test/TestBrain.json": curriculumFile,
    "curricula/wall-jump/BigWallBrain.json": curriculumFile,
    "curricula/wall-jump/SmallWallBrain.json": curriculumFile,
    "trainer_config.yaml": {
      era: "ML-Agents 0.4 to 0.5",
      // Two students of a player that is playing.
      lost: 2,
      defaults: true,
    },
  },
  "0.9.3/config": {
    "3dball_generalize.yaml": samplerFile,
    "curricula/test/TestBrain.json": curriculumFile,
    "curricula/wall-jump/BigWallJumpLearning.json": curriculumFile,
    "curricula/wall-jump/SmallWallJumpLearning.json": curriculumFile,
    // One brain learns without the environment's reward.
    "gail_config.yaml": { era: "ML-Agents 0.9 to 0.12", defaults: false },
    // Twice batches_per_epoch.
    "offline_bc_config.yaml": {
      era: "ML-Agents 0.6 to 0.12",
      lost: 2,
      defaults: true,
    },
    "online_bc_config.yaml": {
      refused: /nothing in it has a like today[^]*\(online_bc\) watched/,
    },
    "trainer_config.yaml": { era: "ML-Agents 0.9 to 0.16", defaults: true },
  },
  "0.11.0/config": {
    "3dball_generalize.yaml": samplerFile,
    "curricula/test/TestBrain.json": curriculumFile,
    "curricula/wall-jump/BigWallJump.json": curriculumFile,
    "curricula/wall-jump/SmallWallJump.json": curriculumFile,
    "gail_config.yaml": { era: "ML-Agents 0.9 to 0.12", defaults: false },
    "offline_bc_config.yaml": {
      era: "ML-Agents 0.6 to 0.12",
      lost: 2,
      defaults: true,
    },
    "sac_trainer_config.yaml": {
      era: "ML-Agents 0.10 to 0.15",
      defaults: true,
    },
    "trainer_config.yaml": { era: "ML-Agents 0.10 to 0.16", defaults: true },
  },
  "0.15.0/config": {
    "3dball_generalize.yaml": samplerFile,
    "curricula/test.yaml": curriculaFile,
    "curricula/wall_jump.yaml": curriculaFile,
    "gail_config.yaml": { era: "ML-Agents 0.13 to 0.16", defaults: false },
    "sac_trainer_config.yaml": {
      era: "ML-Agents 0.14 to 0.15",
      defaults: true,
    },
    "trainer_config.yaml": { era: "ML-Agents 0.14 to 0.15", defaults: true },
  },
  "release_1_py0.16.0/config": {
    "3dball_randomize.yaml": samplerFile,
    "curricula/soccer.yaml": curriculaFile,
    "curricula/test.yaml": curriculaFile,
    "curricula/wall_jump.yaml": curriculaFile,
    "gail_config.yaml": { era: "ML-Agents 0.13 to 0.16", defaults: false },
    "sac_trainer_config.yaml": { era: "ML-Agents 0.16", defaults: true },
    "trainer_config.yaml": { era: "ML-Agents 0.16", defaults: true },
  },
  "release_3_py0.17.0/config": {
    "ppo/3DBall_randomize.yaml": { era: "ML-Agents 0.17" },
    "ppo/WallJump_curriculum.yaml": { era: "ML-Agents 0.17" },
  },
};

const root = new URL("../../../../shared/data/configs/", import.meta.url);

/** Old files that are upgraded, as text, by where they stand. */
const upgradable = Object.entries(outcomes).flatMap(([era, files]) =>
  Object.entries(files).filter(([, { refused }]) => !refused)
    .map(([path]) => new URL(`${era}/${path}`, root))
);

for (const [era, files] of Object.entries(outcomes)) {
  testWithSharedData(`old configurations of ${era}`, "ORIGINS.md", () => {
    const folder = new URL(`${era}/`, root);
    // The other files of 0.17 are today's.
    if (!era.includes("0.17")) {
      assert.deepEqual(filesIn(folder), Object.keys(files).sort());
    }
    for (const [path, outcome] of Object.entries(files)) {
      checkOutcome(Deno.readTextFileSync(new URL(path, folder)), path, outcome);
    }
  });
}

testWithSharedData("a whole old run: three files", "ORIGINS.md", () => {
  const read = (path: string) =>
    readConfigurationFile(
      Deno.readTextFileSync(new URL(`0.11.0/config/${path}`, root)),
      path,
    );
  const upgraded = upgradeConfiguration({
    main: read("trainer_config.yaml"),
    sampler: read("3dball_generalize.yaml"),
    curricula: [
      read("curricula/wall-jump/BigWallJump.json"),
      read("curricula/wall-jump/SmallWallJump.json"),
    ],
  });
  // A JSON curriculum was read up to 0.13.
  assert.equal(upgraded.era, "ML-Agents 0.10 to 0.13");
  const settings = settingsOf(upgraded);
  assert.deepEqual(Object.keys(settings.environment_parameters), [
    "mass",
    "gravity",
    "scale",
    "big_wall_min_height",
    "big_wall_max_height",
    "small_wall_height",
  ]);
});

testWithSharedData(
  "the reference reads what we write",
  "ORIGINS.md",
  async () => {
    const texts = upgradable.map((file) =>
      upgradeConfiguration({
        main: readConfigurationFile(
          Deno.readTextFileSync(file),
          basename(file.pathname),
        ),
      }).toYaml()
    );
    const output = await runPython(
      ["mlagents.trainers.settings", "yaml"],
      referenceReader,
      texts,
    );
    if (output === null) return;
    assert.deepEqual(
      JSON.parse(output.trim().split("\n").at(-1) ?? ""),
      texts.map(() => "accepted"),
    );
  },
);

/** Reads each argument as the reference reads a file. */
const referenceReader = `
import json, sys, yaml
from mlagents.plugins.trainer_type import register_trainer_plugins
from mlagents.trainers.settings import RunOptions, TrainerSettings
register_trainer_plugins()
answers = []
for text in sys.argv[1:]:
    TrainerSettings.default_override = None
    try:
        RunOptions.from_dict(yaml.safe_load(text))
        answers.append("accepted")
    except Exception as error:
        answers.append(repr(error) + " in " + text)
print(json.dumps(answers))
`;

function checkOutcome(text: string, path: string, outcome: Outcome): void {
  const main = readConfigurationFile(text, path);
  if (outcome.refused) {
    assert.throws(() => upgradeConfiguration({ main }), outcome.refused);
    assert.throws(() => readSettings(text, path), outcome.refused);
    return;
  }
  const upgraded = upgradeConfiguration({ main });
  assert.equal(upgraded.era, outcome.era, path);
  const lost = upgraded.changes.filter(({ kind }) => kind === "lost");
  assert.equal(lost.length, outcome.lost ?? 0, path);
  const settings = settingsOf(upgraded);
  const written = upgraded.toYaml();
  assert.deepEqual(readSettings(written, "new.yaml").settings, settings, path);
  assert.deepEqual(
    upgradeConfiguration({ main: readConfigurationFile(written, "new.yaml") })
      .changes,
    [],
    path,
  );
  if (outcome.option) {
    assert.throws(
      () => readSettings(text, path),
      (error) =>
        error instanceof UserError &&
        error.message.includes(`${outcome.option}`),
    );
    return;
  }
  const { settings: inMemory, warnings } = readSettings(text, path);
  assert.deepEqual(inMemory, settings, path);
  assert.match(
    warnings[0].what,
    /^a configuration of ML-Agents 0\.\d+.* upgraded/,
  );
  if (outcome.defaults === undefined) return;
  assert.equal(settings.default_settings !== null, outcome.defaults, path);
  checkMeaning(main.yaml.value, settings);
}

function settingsOf(upgraded: Upgraded): RunSettings {
  return resolveSettings(upgraded.value, {}, upgraded).settings;
}

/** Old settings and where their values are today. */
const places: Readonly<Record<string, readonly string[]>> = {
  ...under("hyperparameters", [
    ...["batch_size", "buffer_size", "learning_rate", "learning_rate_schedule"],
    ...["beta", "epsilon", "lambd", "num_epoch"],
    ...["buffer_init_steps", "tau", "init_entcoef", "steps_per_update"],
  ]),
  ...under("network_settings", [
    ...["normalize", "hidden_units", "num_layers", "vis_encode_type"],
  ]),
  max_steps: ["max_steps"],
  time_horizon: ["time_horizon"],
  summary_freq: ["summary_freq"],
};

function under(section: string, keys: readonly string[]) {
  return Object.fromEntries(keys.map((key) => [key, [section, key]]));
}

/** Every section, laid over `default` key by key, stands in the settings. */
function checkMeaning(sections: unknown, settings: RunSettings): void {
  assert.ok(isPlainMap(sections));
  const { default: defaults, ...brains } = sections;
  for (const [name, brain] of Object.entries(brains)) {
    const merged = { ...Object(defaults), ...Object(brain) };
    const isStudent = /^(imitation|online_bc)$/.test(merged.trainer);
    assert.equal(name in settings.behaviors, !isStudent, name);
    if (!isStudent) checkBehavior(merged, settings.behaviors[name], name);
  }
  if (settings.default_settings !== null) {
    checkBehavior(Object(defaults), settings.default_settings, "default");
  }
}

function checkBehavior(old: PlainMap, today: unknown, name: string): void {
  const isCloning = old.trainer === "offline_bc";
  const at = (...path: readonly string[]) => valueAt(today, path);
  assert.equal(at("trainer_type"), isCloning ? "ppo" : old.trainer, name);
  for (const [key, path] of Object.entries(places)) {
    if (!(key in old) || isCloning && key === "num_epoch") continue;
    assert.equal(at(...path), old[key], `${name}.${key}`);
  }
  const memory = old.use_recurrent
    ? {
      sequence_length: old.sequence_length,
      memory_size: old.memory_size,
    }
    : null;
  assert.deepEqual(at("network_settings", "memory"), memory, name);
  if (old.trainer === "ppo") {
    assert.equal(at("hyperparameters", "beta_schedule"), "linear", name);
    assert.equal(at("hyperparameters", "epsilon_schedule"), "linear", name);
  }
  if (isCloning) {
    assert.equal(at("behavioral_cloning", "demo_path"), old.demo_path, name);
    return;
  }
  checkSignals(old, Object(at("reward_signals")), name);
  checkParts(
    old.pretraining ?? old.behavioral_cloning,
    at("behavioral_cloning"),
  );
  checkParts(old.self_play, at("self_play"));
}

/** The same signals, no more and no less, with the same values. */
function checkSignals(old: PlainMap, today: PlainMap, name: string): void {
  const signals: Record<string, PlainMap> = old.reward_signals
    ? Object(old.reward_signals)
    : {
      extrinsic: { gamma: old.gamma, strength: 1 },
      ...old.use_curiosity
        ? {
          curiosity: {
            gamma: old.gamma,
            strength: old.curiosity_strength,
            encoding_size: old.curiosity_enc_size,
          },
        }
        : {},
    };
  assert.deepEqual(
    Object.keys(today).sort(),
    Object.keys(signals).sort(),
    name,
  );
  for (const [signal, { encoding_size, ...rest }] of Object.entries(signals)) {
    checkParts(rest, today[signal]);
    if (encoding_size === undefined) continue;
    const width = valueAt(today, [signal, "network_settings", "hidden_units"]);
    assert.equal(width, encoding_size, `${name}.${signal}`);
  }
}

/** Every old value stands in the new mapping; null if there are none. */
function checkParts(old: unknown, today: unknown): void {
  if (old === undefined) return assert.equal(today, null);
  for (const [key, value] of Object.entries(Object(old))) {
    const name = key === "play_against_current_self_ratio"
      ? "play_against_latest_model_ratio"
      : key;
    assert.deepEqual(valueAt(today, [name]), value, key);
  }
}

function filesIn(folder: URL, path = ""): string[] {
  return [...Deno.readDirSync(folder)].flatMap(({ name, isDirectory }) =>
    isDirectory
      ? filesIn(new URL(`${name}/`, folder), `${path}${name}/`)
      : `${path}${name}`
  ).sort();
}
