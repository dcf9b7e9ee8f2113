import assert from "node:assert/strict";
import { changesOf, refusal, upgraded } from "./upgrading.ts";

Deno.test("curriculum and randomization of 0.17", () => {
  assert.deepEqual(
    upgraded(`
behaviors:
  A: {trainer_type: ppo, threaded: false}
curriculum:
  A: {thresholds: [2], parameters: {wall: [1, 2]}}
parameter_randomization:
  resampling-interval: 500
  mass: {sampler-type: uniform, min_value: 1, max_value: 2}
`),
    {
      behaviors: { A: { trainer_type: "ppo", threaded: false } },
      environment_parameters: {
        mass: {
          sampler_type: "uniform",
          sampler_parameters: { min_value: 1, max_value: 2 },
        },
        wall: {
          curriculum: [{
            name: "Lesson0",
            completion_criteria: {
              behavior: "A",
              measure: "reward",
              signal_smoothing: true,
              min_lesson_length: 0,
              threshold: 2,
              require_reset: true,
            },
            value: 1,
          }, { name: "Lesson1", value: 2 }],
        },
      },
    },
  );
});

Deno.test("defaults of 0.17, where a file is certainly of it", () => {
  const text = `
behaviors:
  A:
    output_path: default
    reward_signals: {curiosity: {}, extrinsic: {}, rnd: {encoding_size: 8}}
`;
  assert.deepEqual(upgraded(text), {
    behaviors: {
      A: {
        reward_signals: {
          curiosity: { network_settings: { hidden_units: 64 } },
          extrinsic: {},
          rnd: { network_settings: { hidden_units: 8 } },
        },
        threaded: true,
      },
    },
  });
  assert.deepEqual(changesOf(text), [
    "2: behaviors: those that are not listed trained with PPO's defaults and " +
    "are refused today, unless you add default_settings: {}",
    "4: behaviors.A.output_path dropped: runs go to " +
    "checkpoint_settings.results_dir",
    "5: behaviors.A.reward_signals.rnd.encoding_size -> " +
    "behaviors.A.reward_signals.rnd.network_settings.hidden_units",
    "5: added behaviors.A.reward_signals.curiosity.network_settings." +
    "hidden_units: 64 (the default of encoding_size in 0.17)",
    "3: added behaviors.A.threaded: true (the default of 0.17)",
  ]);
});

Deno.test("keys of 0.18 to 0.25, in default_settings too", () => {
  const text = `
default_settings: {framework: pytorch}
behaviors:
  A:
    reward_signals:
      curiosity: {encoding_size: 8}
      rnd: {encoding_size: ~}
      gail: {demo_path: a, encoding_size: 8, network_settings: {}}
`;
  assert.deepEqual(upgraded(text), {
    default_settings: {},
    behaviors: {
      A: {
        reward_signals: {
          curiosity: { network_settings: { hidden_units: 8 } },
          rnd: {},
          gail: { demo_path: "a", network_settings: {} },
        },
      },
    },
  });
  assert.equal(changesOf(text).length, 4);
});

Deno.test("parameters as Unity's converter left them", () => {
  const { environment_parameters } = Object(upgraded(`
environment_parameters:
  wall:
    curriculum:
    - Lesson0: {value: 1, completion_criteria: {behavior: A}}
    - Lesson1:
        value:
          sampler_type: multirange_uniform
          sampler_parameters: {intervals: [[1, 2]]}
  mass: {sampler_type: multirange_uniform, sampler_parameters: {seed: 3}}
  pull: {sampler-type: gaussian, mean: 2}
  same: 4
`));
  assert.deepEqual(environment_parameters, {
    wall: {
      curriculum: [
        { name: "Lesson0", value: 1, completion_criteria: { behavior: "A" } },
        {
          name: "Lesson1",
          value: {
            sampler_type: "multirangeuniform",
            sampler_parameters: { intervals: [[1, 2]] },
          },
        },
      ],
    },
    mass: {
      sampler_type: "multirangeuniform",
      sampler_parameters: { seed: 3 },
    },
    same: 4,
    pull: { sampler_type: "gaussian", sampler_parameters: { mean: 2 } },
  });
});

Deno.test("what is no mapping is no configuration", () => {
  assert.match(refusal("[1, 2]"), /old\.yaml:1:1: no configuration/);
});
