/**
 * The resolved form of a configuration, worked out a second time: from tables
 * of the reference's defaults and its rules, without any schema.
 */

type Map = Record<string, unknown>;

const network = {
  normalize: false,
  hidden_units: 128,
  num_layers: 2,
  vis_encode_type: "simple",
  memory: null,
  goal_conditioning_type: "hyper",
  deterministic: false,
};

const memory = { sequence_length: 64, memory_size: 128 };

const onPolicy = {
  batch_size: 1024,
  buffer_size: 10240,
  learning_rate: 3e-4,
  learning_rate_schedule: "linear",
  beta: 5e-3,
  epsilon: 0.2,
  lambd: 0.95,
  num_epoch: 3,
};

const hyperparameters: Record<string, Map> = {
  ppo: {
    ...onPolicy,
    shared_critic: false,
    clip_value_loss: false,
    joint_ratio: false,
    max_gradient_norm: null,
    target_kl: null,
  },
  poca: onPolicy,
  sac: {
    batch_size: 128,
    buffer_size: 50_000,
    learning_rate: 3e-4,
    learning_rate_schedule: "constant",
    buffer_init_steps: 0,
    tau: 0.005,
    steps_per_update: 1,
    save_replay_buffer: false,
    init_entcoef: 1,
    twin_minimum: false,
    random_action_steps: 0,
  },
};

const signals: Record<string, Map> = {
  extrinsic: { gamma: 0.99, strength: 1 },
  curiosity: { gamma: 0.99, strength: 1, learning_rate: 3e-4 },
  gail: {
    gamma: 0.99,
    strength: 1,
    learning_rate: 3e-4,
    use_actions: false,
    use_vail: false,
  },
  rnd: { gamma: 0.99, strength: 1, learning_rate: 1e-4 },
};

const behavior = {
  trainer_type: "ppo",
  checkpoint_interval: 500_000,
  init_path: null,
  keep_checkpoints: 5,
  even_checkpoints: false,
  max_steps: 500_000,
  time_horizon: 64,
  summary_freq: 50_000,
  threaded: false,
};

const behavioralCloning = {
  steps: 0,
  strength: 1,
  samples_per_update: 0,
  num_epoch: 3,
};

const selfPlay = {
  save_steps: 20_000,
  swap_steps: 2000,
  window: 10,
  play_against_latest_model_ratio: 0.5,
  initial_elo: 1200,
};

const runSections = {
  env_settings: {
    env_path: null,
    env_args: null,
    base_port: 5005,
    num_envs: 1,
    num_areas: 1,
    timeout_wait: 60,
    seed: -1,
    max_lifetime_restarts: 10,
    restarts_rate_limit_n: 1,
    restarts_rate_limit_period_s: 60,
    lockstep: false,
  },
  engine_settings: {
    width: 84,
    height: 84,
    quality_level: 5,
    time_scale: 20,
    target_frame_rate: -1,
    capture_frame_rate: 60,
    no_graphics: false,
    no_graphics_monitor: false,
  },
  checkpoint_settings: {
    run_id: "ppo",
    initialize_from: null,
    load_model: false,
    resume: false,
    force: false,
    train_model: false,
    inference: false,
    results_dir: "results",
    model_version: null,
  },
  torch_settings: { device: null },
};

const samplers: Record<string, Map> = {
  constant: { value: 0 },
  uniform: { min_value: 0, max_value: 1 },
  gaussian: { mean: 1, st_dev: 1 },
  multirangeuniform: { intervals: [[0, 1]] },
};

const criteria = {
  measure: "reward",
  threshold: 0,
  min_lesson_length: 0,
  signal_smoothing: true,
  require_reset: false,
};

/** Everything that a configuration without mistakes comes to. */
export function prescribedValues(written: Map): Map {
  const defaults = written.default_settings;
  const sections = Object.entries(runSections).map(([name, section]) => [
    name,
    { ...section, ...mapOf(written[name]) },
  ]);
  return {
    debug: written.debug ?? false,
    ...Object.fromEntries(sections),
    default_settings: defaults ? resolveBehavior(mapOf(defaults)) : null,
    behaviors: mapValues(
      mapOf(written.behaviors),
      (own) => resolveBehavior(defaults ? merge(defaults, own) : mapOf(own)),
    ),
    environment_parameters: mapValues(
      mapOf(written.environment_parameters),
      (parameter, name) => ({
        curriculum: resolveLessons(
          mapOf(parameter).curriculum ?? [
            { name, value: parameter },
          ],
        ),
      }),
    ),
  };
}

/** A behavior over the defaults; both have the environment's reward. */
function merge(defaults: unknown, own: unknown): Map {
  const implicit = mapOf(defaults).reward_signals
    ? {}
    : { reward_signals: { extrinsic: {} } };
  return mapOf(deepMerge(deepMerge(implicit, defaults), own));
}

function deepMerge(under: unknown, over: unknown): unknown {
  if (!isMap(under) || !isMap(over)) return over;
  return {
    ...under,
    ...mapValues(
      over,
      (value, key) => key in under ? deepMerge(under[key], value) : value,
    ),
  };
}

function resolveBehavior(given: Map): Map {
  const { framework: _, ...rest } = given;
  const own = { ...behavior, ...rest };
  const type = own.trainer_type;
  const hyper = { ...hyperparameters[type], ...mapOf(given.hyperparameters) };
  const derived = type === "sac"
    ? { reward_signal_steps_per_update: hyper.steps_per_update }
    : {
      beta_schedule: hyper.learning_rate_schedule,
      epsilon_schedule: hyper.learning_rate_schedule,
    };
  const { self_play: game, behavioral_cloning: cloning } = given;
  const { save_steps } = { ...selfPlay, ...mapOf(game) };
  return {
    ...own,
    checkpoint_interval: own.even_checkpoints
      ? Math.floor(own.max_steps / own.keep_checkpoints)
      : own.checkpoint_interval,
    hyperparameters: { ...derived, ...hyper },
    network_settings: resolveNetwork(mapOf(given.network_settings)),
    reward_signals: mapValues(
      mapOf(given.reward_signals ?? { extrinsic: {} }),
      (signal, name) => resolveSignal(name, mapOf(signal)),
    ),
    self_play: game
      ? { team_change: 5 * Number(save_steps), ...selfPlay, ...mapOf(game) }
      : null,
    behavioral_cloning: cloning
      ? {
        batch_size: hyper.batch_size,
        ...behavioralCloning,
        ...mapOf(cloning),
      }
      : null,
  };
}

function resolveNetwork(given: Map): Map {
  return {
    ...network,
    ...given,
    memory: given.memory ? { ...memory, ...mapOf(given.memory) } : null,
  };
}

function resolveSignal(name: string, given: Map): Map {
  const { encoding_size, ...rest } = given;
  const size = encoding_size === undefined
    ? {}
    : { hidden_units: encoding_size };
  return {
    ...signals[name],
    ...rest,
    network_settings: resolveNetwork(mapOf(given.network_settings ?? size)),
  };
}

function resolveLessons(lessons: unknown): Map[] {
  if (!Array.isArray(lessons)) throw new TypeError("no list of lessons");
  return lessons.map(({ name, value, completion_criteria: ends }) => ({
    name,
    value: resolveSampler(value),
    completion_criteria: ends ? { ...criteria, ...ends } : null,
  }));
}

function resolveSampler(value: unknown): Map {
  const { sampler_type, sampler_parameters } = isMap(value)
    ? value
    : { sampler_type: "constant", sampler_parameters: { value } };
  return {
    sampler_type,
    sampler_parameters: {
      seed: -1,
      ...samplers[String(sampler_type)],
      ...mapOf(sampler_parameters),
    },
  };
}

function isMap(value: unknown): value is Map {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** An absent section is an empty one. */
function mapOf(value: unknown): Map {
  return isMap(value) ? value : {};
}

function mapValues(
  map: Map,
  change: (value: unknown, key: string) => unknown,
): Map {
  return Object.fromEntries(
    Object.entries(map).map(([key, value]) => [key, change(value, key)]),
  );
}
