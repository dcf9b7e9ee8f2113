/** The reference's acceptance tests SAC-6 and HYB-6 (algorithms, 10). */
import { LineGame } from "../support/line_game.ts";
import { accept } from "./accept.ts";

interface Acceptance {
  readonly name: string;
  readonly continuousSize?: number;
  readonly branches?: number;
  readonly stepSize?: number;
}

const acceptances: readonly Acceptance[] = [
  { name: "SAC-6, one discrete action", branches: 1 },
  { name: "SAC-6, one continuous action", continuousSize: 1, stepSize: 0.5 },
  {
    name: "HYB-6, one action of each kind",
    continuousSize: 1,
    branches: 1,
    stepSize: 0.5,
  },
];

for (const acceptance of acceptances) {
  accept({
    name: acceptance.name,
    game: (seed) => new LineGame({ ...acceptance, hidesGoal: true, seed }),
    behavior: {
      trainer_type: "sac",
      hyperparameters: {
        batch_size: 256,
        buffer_size: 5000,
        buffer_init_steps: 1000,
        learning_rate: 3e-4,
        tau: 0.01,
        init_entcoef: 0.01,
        steps_per_update: 2,
      },
      network_settings: {
        hidden_units: 16,
        num_layers: 1,
        memory: { memory_size: 16, sequence_length: 16 },
      },
      max_steps: 4000,
      summary_freq: 100,
    },
  });
}
