/** The part of the fluent chain that sets something. */
import type { EnvironmentSource } from "../env/wrappers/environment_source.ts";
import type { BehaviorConfiguration } from "../settings/behavior_settings.ts";
import { overlayMaps, type PlainMap } from "../settings/plain_maps.ts";
import {
  overlayConfiguration,
  type SettingsOverrides,
} from "../settings/setting_overrides.ts";
import {
  EnvironmentCommands,
  type SettingCommand,
} from "./environment_commands.ts";
import type {
  BehavioralCloningConfiguration,
  CuriosityConfiguration,
  GailConfiguration,
  MemoryConfiguration,
  RndConfiguration,
  SelfPlayConfiguration,
} from "./setting_parts.ts";

/** What all commands of a chain together lay over a configuration. */
export function overridesOf(
  commands: readonly SettingCommand[],
): SettingsOverrides {
  let run: PlainMap = {};
  let everyBehavior: PlainMap = {};
  let singleBehaviors: PlainMap = {};
  for (const command of commands) {
    if (command.kind === "environment") continue;
    if (command.kind === "set") {
      run = overlayConfiguration(run, command.settings);
    } else if (command.behavior === undefined) {
      everyBehavior = overlayMaps(everyBehavior, command.settings);
    } else {
      const added = { [command.behavior]: command.settings };
      singleBehaviors = overlayMaps(singleBehaviors, added);
    }
  }
  return { run, everyBehavior, singleBehaviors };
}

/** The environment that a chain names, unless its settings do. */
export function environmentOf(
  commands: readonly SettingCommand[],
): EnvironmentSource | undefined {
  const named = commands.findLast((command) =>
    command.kind === "environment" ||
    command.kind === "set" && command.settings.env_settings?.env_path != null
  );
  return named?.kind === "environment" ? named.environment : undefined;
}

/** Commands for training. */
export abstract class SettingCommands<Chain>
  extends EnvironmentCommands<Chain> {
  /** Name of the run and of its folder. */
  runId(id: string): Chain {
    return this.settings({ checkpoint_settings: { run_id: id } });
  }

  /** The folder of all runs. */
  resultsDir(folder: string): Chain {
    return this.settings({ checkpoint_settings: { results_dir: folder } });
  }

  /** Continues the run of that name. */
  resume(wanted = true): Chain {
    return this.settings({ checkpoint_settings: { resume: wanted } });
  }

  /** Replaces the run of that name. */
  force(wanted = true): Chain {
    return this.settings({ checkpoint_settings: { force: wanted } });
  }

  /** Acts only and learns nothing. */
  inference(wanted = true): Chain {
    return this.settings({ checkpoint_settings: { inference: wanted } });
  }

  /** Starts from the weights of another run. */
  initializeFrom(runId: string): Chain {
    return this.settings({ checkpoint_settings: { initialize_from: runId } });
  }

  /**
   * What a behavior trains with, laid over what the configuration says of it;
   * with another trainer the configured hyperparameters are left out.
   */
  behavior(name: string, settings: BehaviorConfiguration): Chain {
    return this.settings({ behaviors: { [name]: settings } });
  }

  /** Adds reward for surprise, to every behavior or to the one named. */
  withCuriosity(
    settings: CuriosityConfiguration = {},
    behavior?: string,
  ): Chain {
    return this.#add({ reward_signals: { curiosity: settings } }, behavior);
  }

  /** Adds reward for novelty, to every behavior or to the one named. */
  withRnd(settings: RndConfiguration = {}, behavior?: string): Chain {
    return this.#add({ reward_signals: { rnd: settings } }, behavior);
  }

  /** Adds reward for looking like demonstrations, likewise. */
  withGail(settings: GailConfiguration, behavior?: string): Chain {
    return this.#add({ reward_signals: { gail: settings } }, behavior);
  }

  /** Adds imitation of demonstrations, likewise. */
  withBehavioralCloning(
    settings: BehavioralCloningConfiguration,
    behavior?: string,
  ): Chain {
    return this.#add({ behavioral_cloning: settings }, behavior);
  }

  /** Trains against earlier selves, likewise. */
  withSelfPlay(settings: SelfPlayConfiguration = {}, behavior?: string): Chain {
    return this.#add({ self_play: settings }, behavior);
  }

  /** Gives the networks a memory, likewise. */
  withMemory(settings: MemoryConfiguration = {}, behavior?: string): Chain {
    return this.#add({ network_settings: { memory: settings } }, behavior);
  }

  #add(settings: PlainMap, behavior?: string): Chain {
    return this.record({
      kind: "add",
      settings,
      ...behavior !== undefined && { behavior },
    });
  }
}
