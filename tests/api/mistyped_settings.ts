/**
 * Mistakes that must not compile, one below each `@ts-expect-error`. Nothing of
 * it is run: `deno check` reads it, and complains of each line that is right.
 */
import {
  behavioralCloning,
  curiosity,
  curriculum,
  gail,
  gaussian,
  memory,
  multiRange,
  poca,
  ppo,
  rnd,
  sac,
  selfPlay,
  train,
  uniform,
} from "../../mod.ts";

// @ts-expect-error: a misspelt key
ppo({ max_step: 1 });
// @ts-expect-error: a misspelt key further down
ppo({ hyperparameters: { batchsize: 64 } });
// @ts-expect-error: SAC's key in PPO
ppo({ hyperparameters: { tau: 0.005 } });
// @ts-expect-error: PPO's key in SAC
sac({ hyperparameters: { beta: 0.005 } });
// @ts-expect-error: MA-POCA shares no critic
poca({ hyperparameters: { shared_critic: true } });
// @ts-expect-error: the function names the trainer
ppo({ trainer_type: "sac" });
// @ts-expect-error: a text instead of a number
ppo({ max_steps: "many" });
// @ts-expect-error: an unknown word
ppo({ network_settings: { vis_encode_type: "big" } });
// @ts-expect-error: an unknown reward signal
ppo({ reward_signals: { joy: {} } });
// @ts-expect-error: GAIL without demonstrations, inside a behavior
ppo({ reward_signals: { gail: { strength: 1 } } });
// @ts-expect-error: cloning without demonstrations, inside a behavior
ppo({ behavioral_cloning: { steps: 1 } });

// @ts-expect-error: GAIL without demonstrations
gail({ strength: 0.1 });
// @ts-expect-error: cloning without demonstrations
behavioralCloning({ steps: 1000 });
// @ts-expect-error: GAIL's key
curiosity({ use_vail: true });
// @ts-expect-error: a misspelt key
rnd({ strenght: 0.1 });
// @ts-expect-error: a misspelt key
selfPlay({ windows: 3 });
// @ts-expect-error: a misspelt key
memory({ size: 128 });

// @ts-expect-error: no upper end
uniform(1);
// @ts-expect-error: a misspelt option
gaussian(1, 2, { sed: 3 });
// @ts-expect-error: a range with one end
multiRange([[0, 1], [2]]);
// @ts-expect-error: no lesson at all
curriculum([]);
// @ts-expect-error: a lesson without a value
curriculum([{ name: "only" }]);
// @ts-expect-error: a lesson without a name
curriculum([{ value: 1 }]);
// @ts-expect-error: a first lesson that never ends
curriculum([{ name: "a", value: 1 }, { name: "b", value: 2 }]);
const nobody = { completion_criteria: { threshold: 1 } };
// @ts-expect-error: no behavior that ends the lesson
curriculum([{ name: "a", value: 1, ...nobody }, { name: "b", value: 2 }]);

// @ts-expect-error: the YAML's structure counts
train({ seed: 1 });
// @ts-expect-error: a misspelt section
train({ env_setting: {} });
// @ts-expect-error: an unknown trainer
train({ behaviors: { A: { trainer_type: "dqn" } } });
// @ts-expect-error: SAC's key in PPO
train({ behaviors: { A: { hyperparameters: { tau: 0.005 } } } });
// @ts-expect-error: a lesson without a value
train({ environment_parameters: { a: { curriculum: [{ name: "b" }] } } });
// @ts-expect-error: a text instead of a number
train().seed("1");
// @ts-expect-error: a misspelt key
train().engine({ timescale: 20 });
// @ts-expect-error: GAIL without demonstrations
train().withGail();
// @ts-expect-error: cloning without demonstrations
train().withBehavioralCloning({});
// @ts-expect-error: a misspelt key
train().withMemory({ sequence_len: 32 });
// @ts-expect-error: neither number nor sampler
train().parameter("gravity", "9.81");
// @ts-expect-error: one behavior at a time
train().behavior(ppo());
