/** Configurations as users might write them, each key there or not. */
import { checkBehaviorName } from "../../lib/settings/path_names.ts";
import type { PlainMap } from "../../lib/settings/plain_maps.ts";
import type { RandomGenerator } from "../../lib/util/random.ts";

/** Texts that YAML could take for something else. */
const texts = [
  "3DBall",
  "Köln 🎈",
  "yes",
  "Off",
  "~",
  "null",
  "017",
  "5e5",
  "1:30",
  "2020-01-01",
  "- a",
  "a #b",
  "it's",
  'a "b"',
  "{a}",
  "&a",
  "%a",
  "@a",
  "trailing",
  "two words",
  "constructor",
];

/** A configuration without mistakes. */
export function randomConfiguration(random: RandomGenerator): PlainMap {
  const draw = new Draw(random);
  return draw.some({
    default_settings: null,
    behaviors: draw.named(() => randomBehavior(draw)),
    env_settings: draw.some({
      env_args: draw.list(() => draw.text()),
      base_port: draw.count(9999),
      seed: draw.pick([-1, 0, 7]),
      timeout_wait: draw.count(99),
    }),
    engine_settings: draw.some({
      width: draw.count(999),
      time_scale: draw.share(),
      no_graphics: draw.flag(),
    }),
    environment_parameters: draw.named(() => randomParameter(draw)),
    checkpoint_settings: draw.some({
      run_id: draw.pick(["a run", 17]),
      resume: draw.flag(),
      force: draw.flag(),
      results_dir: draw.text(),
    }),
    torch_settings: draw.some({ device: draw.pick(["cpu", null]) }),
    debug: draw.flag(),
  });
}

function randomBehavior(draw: Draw): PlainMap {
  const schedule = () => draw.pick(["linear", "constant"]);
  const step = {
    batch_size: draw.count(1024),
    buffer_size: draw.pick([1024, "5e5", "10240.0"]),
    learning_rate: draw.share(),
    learning_rate_schedule: schedule(),
  };
  const onPolicy = {
    ...step,
    beta: draw.share(),
    epsilon: draw.share(),
    lambd: draw.share(),
    num_epoch: draw.count(9),
    beta_schedule: schedule(),
    epsilon_schedule: schedule(),
  };
  const trainer = draw.pick<PlainMap>([
    {},
    {
      trainer_type: "ppo",
      hyperparameters: draw.some({ ...onPolicy, shared_critic: draw.flag() }),
    },
    { trainer_type: "poca", hyperparameters: draw.some(onPolicy) },
    {
      trainer_type: "sac",
      hyperparameters: draw.some({
        ...step,
        buffer_init_steps: draw.count(999),
        tau: draw.share(),
        steps_per_update: draw.share(),
        reward_signal_steps_per_update: draw.share(),
      }),
    },
  ]);
  return {
    ...draw.some({
      checkpoint_interval: draw.count(1e6),
      keep_checkpoints: draw.count(9),
      even_checkpoints: draw.flag(),
      max_steps: draw.count(1e7),
      time_horizon: draw.count(999),
      summary_freq: draw.count(1e5),
      init_path: draw.pick([null, "a/b.safetensors"]),
      network_settings: randomNetwork(draw),
      reward_signals: randomSignals(draw),
      self_play: draw.pick([
        null,
        draw.some({
          save_steps: draw.count(1e5),
          team_change: draw.count(1e6),
          window: draw.count(99),
          play_against_latest_model_ratio: draw.share(),
        }),
      ]),
      behavioral_cloning: draw.pick([
        null,
        {
          demo_path: draw.text(),
          ...draw.some({
            steps: draw.count(1e5),
            strength: draw.share(),
            num_epoch: draw.pick([null, 3, 7]),
            batch_size: draw.pick([null, 128]),
          }),
        },
      ]),
    }),
    ...trainer,
  };
}

function randomNetwork(draw: Draw): PlainMap {
  return draw.some({
    normalize: draw.flag(),
    // What POCA can divide among its attention heads.
    hidden_units: 4 * draw.count(250),
    num_layers: draw.count(9),
    vis_encode_type: draw.pick(["simple", "resnet", "match3"]),
    memory: draw.pick([
      null,
      // One that fits into any minibatch.
      { sequence_length: 1, ...draw.some({ memory_size: 2 * draw.count(99) }) },
    ]),
    goal_conditioning_type: draw.pick(["hyper", "none"]),
    deterministic: draw.flag(),
  });
}

function randomSignals(draw: Draw): PlainMap {
  const signal = () =>
    draw.some({
      gamma: draw.share(),
      strength: draw.share(),
      network_settings: randomNetwork(draw),
    });
  return draw.some({
    extrinsic: signal(),
    curiosity: { ...signal(), learning_rate: draw.share() },
    gail: { ...signal(), demo_path: draw.text(), use_vail: draw.flag() },
    rnd: signal(),
  });
}

function randomParameter(draw: Draw): unknown {
  const low = draw.random.normal();
  const value = draw.pick<unknown>([
    low,
    {
      sampler_type: "uniform",
      sampler_parameters: { min_value: low, max_value: low + draw.share() },
    },
    {
      sampler_type: "gaussian",
      sampler_parameters: draw.some({
        mean: low,
        st_dev: draw.share(),
        seed: 3,
      }),
    },
    {
      sampler_type: "multirangeuniform",
      sampler_parameters: { intervals: [[low, low], [-1, draw.share()]] },
    },
  ]);
  const lessons = draw.list(() => ({
    name: draw.text(),
    value,
    completion_criteria: {
      behavior: draw.text(),
      ...draw.some({
        measure: draw.pick(["reward", "progress"]),
        threshold: draw.share(),
        min_lesson_length: draw.count(99),
        require_reset: draw.flag(),
      }),
    },
  }));
  const curriculum = [...lessons, { name: draw.text(), value }];
  return draw.pick([value, { curriculum }]);
}

/** Small decisions. */
class Draw {
  constructor(readonly random: RandomGenerator) {}

  pick<T>(values: readonly T[]): T {
    return values[this.random.integer(values.length)];
  }

  flag(): boolean {
    return this.random.integer(2) === 1;
  }

  text(): string {
    return this.pick(texts);
  }

  /** Above 0, at most 1. */
  share(): number {
    return 1 - this.random.uniform();
  }

  /** From 1 to `most`. */
  count(most: number): number {
    return 1 + this.random.integer(most);
  }

  list<T>(item: () => T): T[] {
    return Array.from({ length: this.random.integer(4) }, item);
  }

  named(value: () => unknown): PlainMap {
    const names = this.list(() => this.text())
      .filter((name) => checkBehaviorName(name) === null);
    return Object.fromEntries(names.map((name) => [name, value()]));
  }

  /** Some of the entries, in any order. */
  some(all: PlainMap): PlainMap {
    const keys = Object.keys(all);
    const order = Int32Array.from(keys.keys());
    this.random.shuffle(order);
    const chosen = [...order.subarray(0, this.random.integer(keys.length + 1))];
    return Object.fromEntries(chosen.map((i) => [keys[i], all[keys[i]]]));
  }
}
