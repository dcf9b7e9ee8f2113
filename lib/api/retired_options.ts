/** The options of earlier years: what they mean today, or what to do instead. */
import type { z } from "zod";
import { count } from "../settings/values.ts";

/** An option that the help does not show. */
export type RetiredOption =
  & {
    /** As commander reads it: `--name` or `--name <argument>`. */
    readonly flags: string;
    /** What to say about it. */
    readonly answer: string;
  }
  & (
    /** Nothing changes without it. */
    | { readonly kind: "ignored" }
    /** The answer says what to do; `harmless` asks for what is anyway. */
    | { readonly kind: "refused"; readonly harmless?: string }
    /** It sets something, of the run or of every behavior. */
    | {
      readonly kind: "taken";
      readonly path: readonly string[];
      readonly everyBehavior?: true;
      /** What a switch sets; otherwise the argument's schema. */
      readonly value?: unknown;
      readonly schema?: z.core.$ZodType;
    }
    /** It counts up from the first port. */
    | { readonly kind: "portOffset"; readonly schema: z.core.$ZodType }
    /** It names a file that is merged into the configuration. */
    | { readonly kind: "beside"; readonly key: "curriculum" | "sampler" }
  );

/** A hyperparameter of 0.2, which the command line had then. */
const hyperparameter = (flags: string, setting: string): RetiredOption => ({
  flags,
  kind: "refused",
  answer: `Write ${setting} of a behavior in the configuration.`,
});

/** All of them. */
export const retiredOptions: readonly RetiredOption[] = [
  {
    flags: "--load",
    kind: "taken",
    path: ["checkpoint_settings", "resume"],
    value: true,
    answer: "is called --resume today, and taken as that",
  },
  {
    flags: "--train",
    kind: "ignored",
    answer: "is not needed: training is the default",
  },
  {
    flags: "--slow",
    kind: "taken",
    path: ["engine_settings", "time_scale"],
    value: 1,
    answer: "is called --time-scale 1 today, and taken as that",
  },
  {
    flags: "--curriculum <path>",
    kind: "beside",
    key: "curriculum",
    answer: "is part of the configuration today",
  },
  {
    flags: "--sampler <file>",
    kind: "beside",
    key: "sampler",
    answer: "is part of the configuration today",
  },
  {
    flags: "--lesson <n>",
    kind: "refused",
    harmless: "0",
    answer: "A resumed run goes on with its lesson. To begin later, remove " +
      "the lessons before from environment_parameters.",
  },
  {
    flags: "--keep-checkpoints <n>",
    kind: "taken",
    path: ["keep_checkpoints"],
    everyBehavior: true,
    schema: count({ min: -1, unit: "checkpoints" }),
    answer: "is called keep_checkpoints in each behavior today, and taken " +
      "as that",
  },
  {
    flags: "--save-freq <n>",
    kind: "taken",
    path: ["checkpoint_interval"],
    everyBehavior: true,
    schema: count({ min: 1, unit: "steps" }),
    answer: "is called checkpoint_interval in each behavior today, and taken " +
      "as that; it counts the steps of all agents, not of the environment",
  },
  {
    flags: "--worker-id <n>",
    kind: "portOffset",
    schema: count({ min: 0, max: 65535 }),
    answer: "is added to --base-port, which says it directly today",
  },
  {
    flags: "--num-runs <n>",
    kind: "refused",
    harmless: "1",
    answer: "Start the program once for each run, each with another --run-id " +
      "and another --base-port.",
  },
  {
    flags: "--run-path <name>",
    kind: "refused",
    answer: "Name the run with --run-id.",
  },
  {
    flags: "--docker-target-name <folder>",
    kind: "refused",
    answer:
      "Write the folder into the paths: of the configuration, --env and " +
      "--results-dir.",
  },
  {
    flags: "--cpu",
    kind: "taken",
    path: ["torch_settings", "device"],
    value: "cpu",
    answer: "is called --torch-device cpu today, and taken as that",
  },
  ...["--multi-gpu", "--torch", "--tensorflow"].map((flags) => ({
    flags,
    kind: "ignored" as const,
    answer: "has no meaning here",
  })),
  hyperparameter("--batch-size <n>", "hyperparameters.batch_size"),
  hyperparameter("--beta <x>", "hyperparameters.beta"),
  hyperparameter("--buffer-size <n>", "hyperparameters.buffer_size"),
  hyperparameter("--epsilon <x>", "hyperparameters.epsilon"),
  hyperparameter("--gamma <x>", "reward_signals.extrinsic.gamma"),
  hyperparameter("--hidden-units <n>", "network_settings.hidden_units"),
  hyperparameter("--lambd <x>", "hyperparameters.lambd"),
  hyperparameter("--learning-rate <x>", "hyperparameters.learning_rate"),
  hyperparameter("--max-steps <n>", "max_steps"),
  hyperparameter("--normalize", "network_settings.normalize"),
  hyperparameter("--num-epoch <n>", "hyperparameters.num_epoch"),
  hyperparameter("--num-layers <n>", "network_settings.num_layers"),
  hyperparameter("--summary-freq <n>", "summary_freq"),
  hyperparameter("--time-horizon <n>", "time_horizon"),
];
