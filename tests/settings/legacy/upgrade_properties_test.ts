/** Whatever an old file holds, it is upgraded once and for all, or refused. */
import assert from "node:assert/strict";
import { UserError } from "../../../lib/errors.ts";
import { describeChange } from "../../../lib/settings/legacy/change.ts";
import { detectFormat } from "../../../lib/settings/legacy/detect_format.ts";
import { readSettings } from "../../../lib/settings/read_settings.ts";
import { resolveSettings } from "../../../lib/settings/resolve_settings.ts";
import { RandomGenerator } from "../../../lib/util/random.ts";
import { type OldCompanions, upgrade } from "./upgrading.ts";

const sections = `
# settings of mine
default: &d
    trainer: ppo   # the usual
    batch_size: 64
    buffer_size: 640
    beta: 5.0e-3
    gamma: 0.9
    use_curiosity: true
    curiosity_strength: 0.01
    max_steps: 5.0e4
    summary_freq: 1e3
    use_recurrent: false
    memory_size: 256

Cat:
    <<: *d
    use_recurrent: true
    sequence_length: 32
    vis_encode_type: simple
Dog: Cat
Bird: {trainer: offline_bc, demo_path: d.demo, batches_per_epoch: 3}
`;

const signals = `
default:
    trainer: sac
    train_interval: 2
    num_update: 1
    reward_signals:
        extrinsic: {strength: 1.0, gamma: 0.99}
        reward_signal_num_update: 4
    behavioral_cloning: {demo_path: a.demo, strength: 0.5, steps: 1e4}
    self_play: {window: 10, play_against_current_self_ratio: 0.5}
Walker:
    trainer: ppo
    reward_signals:
        gail: {strength: 0.1, gamma: 0.99, encoding_size: 64, demo_path: a.demo}
`;

const transition = `
behaviors:
  A:
    trainer_type: ppo
    output_path: default
    framework: pytorch
    reward_signals:
      curiosity: {strength: 0.1, encoding_size: 64}   # wide
curriculum:
  A: {measure: progress, thresholds: [0.1, 0.2], parameters: {wall: [1, 2, 3]}}
parameter_randomization:
  resampling-interval: 500
  mass: {sampler-type: multirange_uniform, intervals: [[1, 2], [3, 4]]}
environment_parameters:
  wall:
    curriculum:
    - Lesson0: {value: 1, completion_criteria: {behavior: A}}
    - Lesson1: {value: {sampler_type: multirange_uniform, sampler_parameters: {}}}
`;

const sampler = `
resampling-interval: 5000
mass: {sampler-type: uniform, min_value: 0.5, max_value: 10}
pull:
    sampler-type: gaussian
    mean: 1
`;

const curriculum = `{
  "measure": "reward", "thresholds": [1, 2], "min_lesson_length": 3,
  "signal_smoothing": true, "parameters": {"gap": [5, 4, 3], "mass": [1, 2, 3]}
}`;

const starts: readonly string[] = [
  sections,
  signals,
  transition,
  sampler,
  curriculum,
  `Cat: ${curriculum}`,
];

const pieces = [
  ...["", " ", "\n", "\n    ", "\t", ":", ": ", "- ", "[", "]", "{", "}", ","],
  ...["&d", "*d", "<<: *d", "#", "'", '"', "|", ">", "!", "?", "~", "null"],
  ...["true", "-1", "0", "1e999", ".nan", "1e-9", "__proto__", "constructor"],
  ...["toString", "default", "Cat", "behaviors", "parameters: {x: 1}", "é"],
  ...["trainer: imitation", "use_recurrent: true", "encoding_size: ~"],
  ...["sampler-type: x", "reward_signals: {}", "self_play: 3", "\u2028"],
  ...["thresholds: 3", "[[]]", "{a: {b: {}}}", "---\n", "...\n"],
];

Deno.test("mutated old configurations", () => {
  const random = new RandomGenerator(1, "mutations");
  const mutate = (start: string) => {
    let text = start;
    for (let edits = random.integer(4); edits > 0; edits--) {
      const at = random.integer(text.length);
      const removed = Math.max(0, random.integer(12) - 4);
      text = text.slice(0, at) + pieces[random.integer(pieces.length)] +
        text.slice(at + removed);
    }
    return text;
  };
  const rounds = Number(Deno.env.get("FUZZ_CASES") ?? 3000);
  let accepted = 0;
  for (let round = 0; round < rounds; round++) {
    const text = mutate(starts[round % starts.length]);
    const beside: OldCompanions = {
      ...random.integer(4) === 0 ? { sampler: mutate(sampler) } : {},
      ...random.integer(4) === 0
        ? { curricula: { "Cat.json": mutate(curriculum) } }
        : {},
    };
    try {
      accepted += Number(checkUpgrade(text, beside));
    } catch (cause) {
      throw new Error(`${text}\n\n${JSON.stringify(beside)}`, { cause });
    }
  }
  assert.ok(
    accepted > rounds / 10 && accepted < rounds * 0.9,
    `${accepted} accepted`,
  );
});

/** Whether the upgrade is accepted; its properties hold in any case. */
function checkUpgrade(text: string, beside: OldCompanions): boolean {
  let once;
  let settings;
  try {
    once = upgrade(text, beside);
    ({ settings } = resolveSettings(once.value, {}, once));
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    for (const { place } of error.problems) assert.ok(place?.file);
    return false;
  }
  for (const change of once.changes) {
    assert.ok(change.place.line, JSON.stringify(change));
    assert.ok(!describeChange(change).includes("\n"));
  }
  assert.equal(detectFormat(once.value), "current");
  const written = once.toYaml();
  assert.deepEqual(readSettings(written, "new.yaml").settings, settings);
  const again = upgrade(written);
  assert.deepEqual(again.changes, []);
  assert.deepEqual(again.value, once.value);
  return true;
}
