import assert from "node:assert/strict";
import {
  companionEvidence,
  describeEra,
  eraOf,
  stepRemark,
} from "../../../lib/settings/legacy/era.ts";

Deno.test("settings narrow down the versions", () => {
  const era = (...sections: Record<string, unknown>[]) =>
    describeEra(eraOf(sections)).replace("ML-Agents ", "");
  assert.equal(era({ batch_size: 3 }), "0.3 to 0.16");
  assert.equal(era({ gamma: 0.9 }), "0.3 to 0.8");
  assert.equal(era({ use_curiosity: false }), "0.4 to 0.8");
  assert.equal(era({ trainer: "imitation" }), "0.3 to 0.5");
  assert.equal(era({ trainer: "sac" }, { train_interval: 2 }), "0.10 to 0.15");
  assert.equal(era({ reward_signals: {} }), "0.9 to 0.16");
  assert.equal(
    era({ reward_signals: { reward_signal_num_update: 1 } }),
    "0.10 to 0.15",
  );
  assert.equal(era({ self_play: { team_change: 1 } }), "0.16");
  assert.equal(era({ pretraining: {} }), "0.9 to 0.12");
});

Deno.test("leftovers of before do not count", () => {
  const sections = [{ reward_signals: {}, gamma: 0.9, num_update: 1 }, {
    steps_per_update: 2,
  }];
  assert.deepEqual(eraOf(sections), { since: 16, until: 16 });
});

Deno.test("files beside the configuration narrow it down as well", () => {
  const { jsonCurriculum, sampler } = companionEvidence;
  assert.deepEqual(eraOf([{}], [jsonCurriculum, sampler]), {
    since: 9,
    until: 13,
  });
});

Deno.test("steps were counted by environment up to 0.13", () => {
  assert.equal(stepRemark({ since: 14, until: 16 }), undefined);
  assert.match(stepRemark({ since: 9, until: 12 }) ?? "", /^was counted per/);
  assert.match(stepRemark({ since: 9, until: 16 }) ?? "", /^up to 0\.13 /);
});
