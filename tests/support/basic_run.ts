import { join } from "node:path";
import { stringify } from "yaml";
import type { RunConfiguration } from "../../lib/settings/run_settings.ts";

/** A run of Basic that ends within a second. */
export const basicRun = {
  behaviors: {
    Basic: {
      hyperparameters: { batch_size: 16, buffer_size: 64 },
      network_settings: { hidden_units: 8, num_layers: 1 },
      max_steps: 300,
      summary_freq: 100,
      checkpoint_interval: 100,
    },
  },
  env_settings: { env_path: "sim:Basic", seed: 1 },
  checkpoint_settings: { run_id: "r" },
} satisfies RunConfiguration;

/** Writes a configuration as YAML into a folder; returns the file's name. */
export function writeConfiguration(
  folder: string,
  configuration: RunConfiguration,
  name = "run.yaml",
): string {
  Deno.writeTextFileSync(join(folder, name), stringify(configuration));
  return name;
}
