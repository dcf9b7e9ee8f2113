/** What the options of earlier years ask for. */
import { Option } from "commander";
import type { Problem } from "../errors.ts";
import type { CompanionPaths } from "../settings/legacy/companions.ts";
import { type PlainMap, setAt } from "../settings/plain_maps.ts";
import { type RetiredOption, retiredOptions } from "./retired_options.ts";
import { readArgument } from "./usage.ts";

/** Settings, files and answers. */
export interface RetiredReading {
  readonly run: PlainMap;
  readonly everyBehavior: PlainMap;
  readonly beside: CompanionPaths;
  /** To be added to the first port. */
  readonly portOffset: number;
  readonly warnings: readonly Problem[];
  readonly problems: readonly Problem[];
}

/**
 * Reads the retired options; `given` is the value of an option by its flags,
 * undefined if it is not on the command line.
 */
export function readRetiredOptions(
  given: (flags: string) => unknown,
): RetiredReading {
  const warnings: Problem[] = [];
  const problems: Problem[] = [];
  let run: PlainMap = {};
  let everyBehavior: PlainMap = {};
  let beside: CompanionPaths = {};
  let portOffset = 0;
  const read = (option: RetiredOption, schema: Schema, value: unknown) => {
    const { problem, ...result } = readArgument(nameOf(option), schema, value);
    if (problem) problems.push(problem);
    return result.value;
  };
  for (const option of retiredOptions) {
    const value = given(option.flags);
    if (value === undefined) continue;
    const path = nameOf(option);
    if (option.kind === "refused" && value !== option.harmless) {
      const what = "is no option any more";
      problems.push({ path, what, cure: option.answer });
      continue;
    }
    switch (option.kind) {
      case "taken": {
        const taken = option.schema
          ? read(option, option.schema, value)
          : option.value;
        if (option.everyBehavior) {
          everyBehavior = setAt(everyBehavior, option.path, taken);
        } else run = setAt(run, option.path, taken);
        break;
      }
      case "portOffset":
        portOffset = Number(read(option, option.schema, value) ?? 0);
        break;
      case "beside":
        beside = { ...beside, [option.key]: String(value) };
    }
    if (option.kind !== "refused") warnings.push({ path, what: option.answer });
  }
  return { run, everyBehavior, beside, portOffset, warnings, problems };
}

type Schema = Parameters<typeof readArgument>[1];

function nameOf({ flags }: RetiredOption): string {
  return `${new Option(flags).long}`;
}
