import assert from "node:assert/strict";
import { warningsOf } from "./messages.ts";

/** The only warning about a behavior, without its cure. */
function warning(text: string): string {
  const [first, ...more] = warningsOf(`behaviors: {A: {${text}}}`);
  assert.deepEqual(more, []);
  return first;
}

Deno.test("sensible settings raise no warning", () => {
  assert.deepEqual(
    warningsOf("behaviors: {A: {}, B: {trainer_type: sac}}"),
    [],
  );
});

Deno.test("a buffer that leaves a part of itself out", () => {
  assert.match(
    warning("hyperparameters: {batch_size: 100, buffer_size: 250}"),
    /^behaviors\.A\.hyperparameters\.buffer_size: 250 is not a multiple of batch_size \(100\)/,
  );
  const few = "hyperparameters: {batch_size: 64, buffer_size: 12000}";
  assert.deepEqual(warningsOf(`behaviors: {A: {${few}}}`), []);
  const sac = "trainer_type: sac, hyperparameters: " +
    "{batch_size: 100, buffer_size: 250}";
  assert.deepEqual(warningsOf(`behaviors: {A: {${sac}}}`), []);
});

Deno.test("a horizon above the buffer", () => {
  assert.match(
    warning("time_horizon: 20000"),
    /^behaviors\.A\.time_horizon: 20000 is above buffer_size \(10240\)/,
  );
});

Deno.test("a summary that never comes", () => {
  assert.match(
    warning("max_steps: 20000, summary_freq: 20001"),
    /^behaviors\.A\.summary_freq: 20001 is above max_steps \(20000\)/,
  );
});

Deno.test("a run that ends before its first update", () => {
  const run = "max_steps: 100, summary_freq: 50, hyperparameters:";
  for (const trainer of ["ppo", "poca"]) {
    assert.match(
      warning(
        `trainer_type: ${trainer}, ${run} {batch_size: 1, buffer_size: 101}`,
      ),
      /^behaviors\.A\.hyperparameters\.buffer_size: 101 is above max_steps \(100\)/,
    );
  }
  const sac = (batchSize: number) =>
    `trainer_type: sac, ${run} {batch_size: ${batchSize}}`;
  assert.match(
    warning(sac(101)),
    /^behaviors\.A\.hyperparameters\.batch_size: 101 is above max_steps \(100\)/,
  );
  assert.deepEqual(warningsOf(`behaviors: {A: {${sac(100)}}}`), []);
  const rare =
    `trainer_type: sac, ${run} {batch_size: 1, steps_per_update: 101}`;
  assert.match(
    warning(rare),
    /^behaviors\.A\.hyperparameters\.steps_per_update: 101 is above max_steps/,
  );
  const acts = "checkpoint_settings: {inference: true}";
  assert.deepEqual(warningsOf(`behaviors: {A: {${sac(101)}}}\n${acts}`), []);
});

Deno.test("a clip range that rises", () => {
  assert.match(
    warning("hyperparameters: {epsilon: 0.05}"),
    /^behaviors\.A\.hyperparameters\.epsilon: 0\.05 rises to 0\.1/,
  );
});

Deno.test("teams that never change", () => {
  assert.match(
    warning("max_steps: 60000, self_play: {}"),
    /^behaviors\.A\.self_play\.team_change: 100000 is above max_steps/,
  );
});

Deno.test("no reward, and memory where it has no effect", () => {
  assert.match(
    warning("reward_signals: {}"),
    /reward_signals: no reward at all/,
  );
  assert.match(
    warning("reward_signals: {rnd: {network_settings: {memory: {}}}}"),
    /rnd\.network_settings\.memory: without effect in a reward signal/,
  );
});

const lessons = (behavior: string, last: string) =>
  "behaviors: {A: {}}\nenvironment_parameters: {p: {curriculum: [" +
  `{name: a, value: 1, completion_criteria: {behavior: ${behavior}}}, ` +
  `{name: b, value: 2${last}}]}}`;

Deno.test("lessons that never end", () => {
  assert.deepEqual(warningsOf(lessons("A", "")), []);
  assert.match(
    warningsOf(lessons("B", ""))[0],
    /curriculum\[0\]\.completion_criteria\.behavior: no such behavior/,
  );
  assert.match(
    warningsOf(lessons("A", ", completion_criteria: {behavior: A}"))[0],
    /curriculum\[1\]\.completion_criteria: the last lesson never ends/,
  );
});

Deno.test("how a run starts", () => {
  const start = (text: string) => warningsOf(`checkpoint_settings: {${text}}`);
  assert.match(start("resume: true, force: true")[0], /force: without effect/);
  assert.deepEqual(start("inference: true"), []);
  assert.match(start("load_model: true")[0], /does not continue a run/);
});

Deno.test("devices other than the cpu", () => {
  assert.deepEqual(warningsOf("torch_settings: {device: cpu}"), []);
  assert.deepEqual(warningsOf("torch_settings: {device: 'cuda:0'}"), [
    'torch_settings.device: computing runs on the cpu (found "cuda:0")',
  ]);
});
