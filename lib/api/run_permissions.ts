/** Which of Deno's permissions a run needs. */
import { dirname, join, relative, resolve } from "node:path";
import { executablePlaces, findExecutable } from "../env/unity/executable.ts";
import {
  DEFAULT_EDITOR_PORT,
  portAddresses,
} from "../env/unity/player_port.ts";
import {
  nativeLibraryFolder,
  threadCodeFolder,
} from "../runtime/native_files.ts";
import { readingPermissions } from "../settings/configuration_text.ts";
import type { EnvironmentSource } from "../env/wrappers/environment_source.ts";
import type { RunSettings } from "../settings/run_settings.ts";
import type { NeededPermission } from "../util/permissions.ts";
import { livesHere } from "./open_environment.ts";

/**
 * Everything that a run with these settings needs, and nothing else; `files`
 * are those that its configuration is read from, `models` those that are to
 * act instead of a run's own policies. What an `environment` of the caller's
 * needs is the caller's to know.
 *
 * @throws {UserError} if there is no such Unity build.
 */
export function runPermissions(
  settings: RunSettings,
  files: readonly string[],
  models: readonly string[] = [],
  environment?: EnvironmentSource,
): NeededPermission[] {
  const code = threadCodeFolder();
  return [
    ...files.flatMap(readingPermissions),
    ...code === null
      ? []
      : [read(fromHere(code), "code of the computing thread")],
    ...models.length > 0
      ? models.map((path) => read(path, "a model to act with"))
      : learningPermissions(settings),
    ...livesHere(settings, environment) ? [] : playerPermissions(settings),
    {
      descriptor: { name: "ffi", path: nativeLibraryFolder() },
      reason: "onnxruntime, which computes",
    },
  ];
}

/** For results, and for what is learned from. */
function learningPermissions(settings: RunSettings): NeededPermission[] {
  return [
    ...resultPermissions(settings),
    ...demonstrations(settings)
      .map((path) => read(path, "demonstrations to learn from")),
  ];
}

function resultPermissions(
  { checkpoint_settings: checkpoints, ...settings }: RunSettings,
): NeededPermission[] {
  const { results_dir, run_id, initialize_from, inference } = checkpoints;
  const own = join(results_dir, run_id);
  const other = initialize_from === null
    ? []
    : [read(join(results_dir, initialize_from), "the run to start from")];
  const initial = Object.values(settings.behaviors)
    .concat(settings.default_settings ?? [])
    .flatMap(({ init_path }) => init_path ?? [])
    // Without a folder it is a name in the folder of the other run.
    .filter((path) => initialize_from === null || dirname(path) !== ".")
    .map((path) => read(path, "a checkpoint to start from"));
  if (inference) {
    return other.length > 0 ? [...other, ...initial] : [
      read(own, "the run to act with"),
      ...initial,
    ];
  }
  return [
    read(own, "the run's own files"),
    ...other,
    ...initial,
    {
      descriptor: { name: "write", path: own },
      reason: "checkpoints, models and logs",
    },
    {
      descriptor: { name: "sys", kind: "hostname" },
      reason: "event files and the run's lock name the machine",
    },
  ];
}

/** For a Unity player, or the Editor, and the wire to it. */
function playerPermissions(
  { env_settings: { env_path, base_port, num_envs } }: RunSettings,
): NeededPermission[] {
  const ports = env_path === null
    ? [DEFAULT_EDITOR_PORT]
    : Array.from({ length: num_envs }, (_, i) => base_port + i);
  return [
    ...ports.flatMap((port) =>
      portAddresses(port).map((host) => ({
        descriptor: { name: "net", host } as const,
        reason: env_path === null
          ? "the Editor connects"
          : "the player connects",
      }))
    ),
    ...env_path === null ? [] : executablePermissions(env_path),
  ];
}

function executablePermissions(path: string): NeededPermission[] {
  const places = executablePlaces(path)
    .map((place) => read(place, "where the Unity build may lie"));
  const maySearch = places.every(({ descriptor }) =>
    Deno.permissions.querySync(descriptor).state === "granted"
  );
  const command = resolve(maySearch ? findExecutable(path) : path);
  const loader = loaderVariables.find(isSet);
  return [
    ...places,
    loader === undefined
      ? { descriptor: { name: "run", command }, reason: "the Unity build" }
      : {
        descriptor: { name: "run" },
        reason: `the Unity build, to which ${loader} is passed on`,
      },
  ];
}

/**
 * They change which code a program loads: Deno passes them on only if it may
 * start every program.
 */
const loaderVariables = [
  "LD_LIBRARY_PATH",
  "LD_PRELOAD",
  "DYLD_LIBRARY_PATH",
  "DYLD_INSERT_LIBRARIES",
];

/** False also if Deno may not look. */
function isSet(variable: string): boolean {
  const { state } = Deno.permissions.querySync({ name: "env", variable });
  return state === "granted" && Deno.env.get(variable) !== undefined;
}

/** The paths of everything to imitate. */
function demonstrations(
  { behaviors, default_settings }: RunSettings,
): string[] {
  const paths = Object.values(behaviors).concat(default_settings ?? [])
    .flatMap(({ reward_signals, behavioral_cloning }) => [
      reward_signals.gail?.demo_path,
      behavioral_cloning?.demo_path,
    ])
    .filter((path) => path !== undefined);
  return [...new Set(paths)];
}

/** A path below the present folder is written from there. */
export function fromHere(path: string): string {
  const short = relative(Deno.cwd(), path);
  return short.startsWith("..") || short === "" ? path : short;
}

function read(path: string, reason: string): NeededPermission {
  return { descriptor: { name: "read", path }, reason };
}
