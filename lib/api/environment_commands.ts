/** The part of the fluent chain that names the world and its seed. */
import type { EnvironmentSource } from "../env/wrappers/environment_source.ts";
import type { PlainMap } from "../settings/plain_maps.ts";
import type { RunConfiguration } from "../settings/run_settings.ts";
import type { ParameterConfiguration } from "./parameter_parts.ts";
import type { EngineConfiguration } from "./setting_parts.ts";

/** One step of the chain, as data. */
export type SettingCommand =
  /** Lay this over the configuration. */
  | { readonly kind: "set"; readonly settings: RunConfiguration }
  /** Let the agents live here, whatever the configuration says. */
  | { readonly kind: "environment"; readonly environment: EnvironmentSource }
  /** Give this to one behavior, or to every one. */
  | {
    readonly kind: "add";
    readonly behavior?: string;
    readonly settings: PlainMap;
  };

/**
 * Commands for everything that acts in an environment. They win over the
 * configuration, a later one over an earlier one; each returns a new `Chain`.
 */
export abstract class EnvironmentCommands<Chain> {
  /** The chain with one command more. */
  protected abstract record(command: SettingCommand): Chain;

  /**
   * `sim:NAME` or the path of a Unity build, without it the Editor; or an
   * environment of one's own, which the run closes, or how to make one of the
   * run's seed. The last one named counts.
   */
  env(environment: string | EnvironmentSource): Chain {
    return typeof environment === "string"
      ? this.settings({ env_settings: { env_path: environment } })
      : this.record({ kind: "environment", environment });
  }

  /** Further arguments of the Unity build. */
  envArgs(args: readonly string[]): Chain {
    return this.settings({ env_settings: { env_args: [...args] } });
  }

  /** Environments side by side; groups of areas for a simulator. */
  envs(count: number): Chain {
    return this.settings({ env_settings: { num_envs: count } });
  }

  /** The seed of all randomness. */
  seed(seed: number): Chain {
    return this.settings({ env_settings: { seed } });
  }

  /** How Unity runs and draws: `engine_settings`. */
  engine(settings: EngineConfiguration): Chain {
    return this.settings({ engine_settings: settings });
  }

  /** A number, a sampler or a curriculum that the environment reads. */
  parameter(name: string, value: ParameterConfiguration): Chain {
    return this.settings({ environment_parameters: { [name]: value } });
  }

  /** Whatever else a configuration can hold, in the YAML's structure. */
  settings(settings: RunConfiguration): Chain {
    return this.record({ kind: "set", settings });
  }
}
