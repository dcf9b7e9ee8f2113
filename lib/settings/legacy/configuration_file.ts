/** Files of earlier years, and what stood where in them. */
import type { Problem, SourcePlace } from "../../errors.ts";
import { formatPath, type SettingPath } from "../plain_maps.ts";
import { readYaml, type YamlSource } from "../yaml_source.ts";

/** A configuration, curriculum or sampler file that has been read. */
export interface ConfigurationFile {
  /** Its name in messages. */
  readonly name: string;
  readonly text: string;
  readonly yaml: YamlSource;
}

/** Where a setting stood. */
export interface Origin {
  readonly file: ConfigurationFile;
  readonly path: SettingPath;
}

/** A value of an old file. */
export interface Given {
  readonly value: unknown;
  readonly origin: Origin;
}

/** @throws {UserError} for what is no YAML; JSON is YAML. */
export function readConfigurationFile(
  text: string,
  name: string,
): ConfigurationFile {
  return { name, text, yaml: readYaml(text, name) };
}

/** The whole content of a file. */
export function contentOf(file: ConfigurationFile): Given {
  return { value: file.yaml.value, origin: { file, path: [] } };
}

/** The origin of a part. */
export function within(
  { file, path }: Origin,
  ...keys: SettingPath
): Origin {
  return { file, path: [...path, ...keys] };
}

/** The place of an origin's key, or of its value. */
export function placeOf({ file, path }: Origin, atKey: boolean): SourcePlace {
  return file.yaml.place(path, atKey);
}

/** A problem with what stood somewhere. */
export function problemAt(
  origin: Origin,
  problem: Omit<Problem, "place" | "path">,
): Problem {
  return {
    ...problem,
    ...origin.path.length > 0 ? { path: formatPath(origin.path) } : {},
    place: placeOf(origin, false),
  };
}
