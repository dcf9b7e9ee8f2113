/** Old configurations in a run: upgraded in memory, with one line about it. */
import { type Problem, UserError } from "../../errors.ts";
import { detectFormat } from "./detect_format.ts";
import {
  upgradeConfiguration,
  type Upgraded,
  type UpgradeInputs,
} from "./upgrade_configuration.ts";

/** An upgraded configuration and what to say about it. */
export interface UpgradedForRun extends Upgraded {
  readonly notice: Problem;
}

/**
 * The configuration in today's form; undefined if it has that already.
 *
 * @throws {UserError} for what cannot be upgraded, or trains nothing.
 */
export function upgradeForRun(
  inputs: UpgradeInputs,
): UpgradedForRun | undefined {
  const { main, curricula = [], sampler } = inputs;
  const format = detectFormat(main.yaml.value);
  const isAlone = curricula.length === 0 && sampler === undefined;
  if (format === "current" && isAlone) return undefined;
  const partOption = partOptions[format];
  if (partOption !== undefined) {
    throw new UserError({
      what: "is no trainer configuration but a part of one",
      place: { file: main.name },
      cure: `Give it as ${partOption} beside the trainer configuration.`,
    });
  }
  const upgraded = upgradeConfiguration(inputs);
  const notice = {
    what: format === "current"
      ? describeMerge(inputs)
      : describeUpgrade(main.name, upgraded),
    place: { file: main.name },
  };
  return { ...upgraded, notice };
}

/** The options for files that hold environment parameters alone. */
const partOptions: Readonly<Record<string, string | undefined>> = {
  curriculum: "--curriculum",
  curricula: "--curriculum",
  samplers: "--sampler",
};

function describeUpgrade(file: string, { era, changes }: Upgraded): string {
  const lost = changes.filter(({ kind }) => kind === "lost").length;
  const open =
    changes.filter(({ kind, why }) =>
      kind === "noted" || kind === "moved" && why !== undefined
    ).length;
  const counts = [
    ...lost > 0 ? [`${lost} could not be carried over`] : [],
    ...open > 0 ? [`${open} to check`] : [],
  ];
  return `a configuration of ${era}, upgraded in memory` +
    (counts.length > 0 ? ` (${counts.join(", ")})` : "") +
    `; cli.ts upgrade ${file} -o NEW.yaml writes it down`;
}

function describeMerge({ curricula = [], sampler }: UpgradeInputs): string {
  const names = [...sampler ? [sampler] : [], ...curricula]
    .map(({ name }) => name);
  return `merged in memory with ${names.join(", ")}; cli.ts upgrade writes ` +
    "it down";
}
