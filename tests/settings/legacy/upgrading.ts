/** Old texts in today's form, for tests. */
import { parse } from "yaml";
import { describeChange } from "../../../lib/settings/legacy/change.ts";
import { readConfigurationFile } from "../../../lib/settings/legacy/configuration_file.ts";
import {
  upgradeConfiguration,
  type Upgraded,
} from "../../../lib/settings/legacy/upgrade_configuration.ts";

/** Files beside an old configuration, by their names. */
export interface OldCompanions {
  readonly curricula?: Readonly<Record<string, string>>;
  readonly sampler?: string;
}

/** Upgrades `old.yaml` with this text. */
export function upgrade(text: string, beside: OldCompanions = {}): Upgraded {
  const { curricula = {}, sampler } = beside;
  return upgradeConfiguration({
    main: readConfigurationFile(text, "old.yaml"),
    curricula: Object.entries(curricula).map(([name, each]) =>
      readConfigurationFile(each, name)
    ),
    ...sampler === undefined
      ? {}
      : { sampler: readConfigurationFile(sampler, "sampler.yaml") },
  });
}

/** The new configuration as plain data, by way of its text. */
export function upgraded(text: string, beside: OldCompanions = {}): unknown {
  return parse(upgrade(text, beside).toYaml());
}

/** What is said about the changes, without the file's name. */
export function changesOf(text: string, beside: OldCompanions = {}): string[] {
  return upgrade(text, beside).changes.map((change) =>
    describeChange(change).replace("old.yaml:", "")
  );
}

/** The message with which an upgrade is refused. */
export function refusal(text: string, beside: OldCompanions = {}): string {
  try {
    upgrade(text, beside);
  } catch (error) {
    if (error instanceof Error) return error.message;
  }
  throw new Error(`was upgraded: ${text}`);
}
