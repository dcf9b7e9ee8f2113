import assert from "node:assert/strict";
import { parse } from "yaml";
import {
  type ConfigurationFormat,
  detectFormat,
} from "../../../lib/settings/legacy/detect_format.ts";

const samples: Readonly<Record<ConfigurationFormat, readonly string[]>> = {
  current: [
    "behaviors: {A: {trainer_type: ppo}}",
    "behaviors: {A: {framework: tensorflow}}",
    "default_settings: {}",
    "debug: true",
    "environment_parameters: {m: {sampler_type: uniform}}",
    // Not known at all: the reader says so.
    "",
    "3",
    "[a, b]",
    "A: {trainer_type: ppo, hyperparameters: {batch_size: 3}}",
    "behaviours: {A: {}}",
  ],
  transition: [
    "behaviors: {A: {output_path: default}}",
    "{behaviors: {A: {}}, output_path: x}",
    "{behaviors: {A: {}}, curriculum: {A: {parameters: {}}}}",
    "{behaviors: {A: {}}, parameter_randomization: {}}",
    "parameter_randomization: {resampling-interval: 3}",
    "environment_parameters: {m: {sampler-type: uniform}}",
    "environment_parameters: {m: {sampler_type: multirange_uniform}}",
    "environment_parameters: {m: {curriculum: [L0: {value: 1}]}}",
    "environment_parameters: {m: {curriculum: [{name: a, " +
    "value: {sampler_type: multirange_uniform}}]}}",
  ],
  sections: [
    "default: {max_steps: 3}",
    "default: {trainer: ppo}",
    "A: {trainer: ppo}",
    "{A: {batch_size: 3}, B: A}",
    "A: {use_recurrent: true}",
  ],
  curriculum: ["{measure: reward, thresholds: [1], parameters: {p: [1, 2]}}"],
  curricula: ["A: {measure: reward, parameters: {p: [1]}}"],
  samplers: [
    "resampling-interval: 3",
    "{resampling_interval: 3, m: {sampler-type: uniform}}",
    "m: {sampler-type: uniform, min_value: 1}",
  ],
};

for (const [format, texts] of Object.entries(samples)) {
  Deno.test(`recognised as ${format}`, () => {
    for (const text of texts) {
      assert.equal(detectFormat(parse(text)), format, text);
    }
  });
}
