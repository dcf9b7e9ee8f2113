/**
 * Compares our resolved settings with those of the reference trainer, for all
 * configurations that both accept:
 *
 *   deno run -A scripts/compare_with_reference.ts --python PYTHON [PATH...]
 *
 * PYTHON is an interpreter that has `mlagents` installed. Without a PATH (file
 * or folder) it takes config/ and, where they are, the shared configurations.
 */
import { relative, resolve } from "node:path";
import { parseArgs } from "node:util";
import { UserError } from "../lib/errors.ts";
import { loadSettings } from "../lib/settings/load_settings.ts";
import { isPlainMap } from "../lib/settings/plain_maps.ts";

/** Resolves each file of standard input, one to a line, as the trainer does. */
const reader = `
import json, sys
answers, sys.stdout = sys.stdout, sys.stderr  # its log goes to sys.stdout
from mlagents.plugins.trainer_type import register_trainer_plugins
from mlagents.trainers.cli_utils import parser
from mlagents.trainers.settings import RunOptions, TrainerSettings
register_trainer_plugins()
for line in sys.stdin:
    TrainerSettings.default_override = None
    try:
        arguments = parser.parse_args([line.rstrip("\\n")])
        answer = {"settings": RunOptions.from_argparse(arguments).as_dict()}
    except Exception as error:
        answer = {"refusal": type(error).__name__ + ": " + str(error)}
    print(json.dumps(answer), file=answers)
`;

/** What one of the two makes of a file. */
interface Answer {
  readonly settings?: unknown;
  readonly refusal?: string;
}

/** A value as the two have it; undefined = no such key. */
interface Leaf {
  readonly path: string;
  readonly ours: unknown;
  readonly theirs: unknown;
}

/** Where the two differ on purpose. */
const explained: readonly (readonly [RegExp, string])[] = [
  [/^environment_parameters$/, "without any, there null"],
  [/^env_settings\.lockstep$/, "a setting of ours; written where it is set"],
  [
    /\.(clip_value_loss|joint_ratio|max_gradient_norm|target_kl)$|\.(twin_minimum|random_action_steps)$/,
    "a setting of ours; written where it is set",
  ],
  [/\.encoding_size$/, "there an obsolete key, here read as hidden_units"],
  [/\.behavioral_cloning\.\w+$/, "there null until the trainer is made"],
];

const { values, positionals } = parseArgs({
  args: Deno.args,
  options: { python: { type: "string" } },
  allowPositionals: true,
});
if (values.python === undefined) {
  console.error("usage: compare_with_reference.ts --python PYTHON [PATH...]");
  Deno.exit(2);
}
const root = resolve(import.meta.dirname ?? ".", "..");
const wanted = positionals.length > 0
  ? positionals
  : [resolve(root, "config"), resolve(root, "../shared/data/configs")];
const files = wanted.flatMap(yamlFiles);
const theirs = await askReference(values.python, files);
const ours = await Promise.all(files.map(ask));

const differences = new Map<string, { reason?: string; files: string[] }>();
const count = { both: 0, ours: 0, theirs: 0, neither: 0, values: 0 };
files.forEach((file, i) => {
  const [mine, other] = [ours[i], theirs[i]];
  const name = relative(root, file);
  if (mine.settings === undefined && other.settings === undefined) {
    count.neither++;
  } else if (mine.settings === undefined) {
    count.theirs++;
    console.log(`refused here only: ${name}\n  ${mine.refusal}`);
  } else if (other.settings === undefined) {
    count.ours++;
    console.log(`refused there only: ${name}\n  ${other.refusal}`);
  } else {
    count.both++;
    for (const leaf of compare(mine.settings, other.settings)) {
      count.values++;
      if (leaf.ours === leaf.theirs) continue;
      const kind = describe(leaf);
      const known = differences.get(kind);
      if (known) known.files.push(name);
      else differences.set(kind, { reason: explain(leaf), files: [name] });
    }
  }
});
let unexplained = 0;
for (const [kind, { reason, files }] of [...differences].sort()) {
  if (reason === undefined) unexplained++;
  console.log(`${kind}\n  ${reason ?? "not explained"}; ${files.length} times`);
}
console.log(
  `${files.length} files: ${count.both} accepted by both, ${count.ours} here ` +
    `only, ${count.theirs} there only, ${count.neither} by neither\n` +
    `${count.values} values compared: ${differences.size} kinds of difference,` +
    ` ${unexplained} of them not explained`,
);
if (unexplained > 0) Deno.exitCode = 1;

function yamlFiles(path: string): string[] {
  if (!Deno.statSync(path).isDirectory) return [path];
  return [...Deno.readDirSync(path)]
    .map(({ name }) => resolve(path, name))
    .filter((each) => /\.ya?ml$/.test(each) || Deno.statSync(each).isDirectory)
    .flatMap(yamlFiles).sort();
}

async function ask(file: string): Promise<Answer> {
  try {
    return { settings: (await loadSettings(file)).settings };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return { refusal: error.message };
  }
}

async function askReference(
  python: string,
  files: readonly string[],
): Promise<Answer[]> {
  const child = new Deno.Command(python, {
    args: ["-c", reader],
    stdin: "piped",
    stdout: "piped",
    stderr: "null",
  }).spawn();
  const writer = child.stdin.getWriter();
  const written = writer.write(
    new TextEncoder().encode(files.map((file) => `${file}\n`).join("")),
  ).then(() => writer.close());
  const { stdout, code } = await child.output();
  await written;
  if (code !== 0) throw new Error(`${python} failed: has it mlagents?`);
  return new TextDecoder().decode(stdout).trim().split("\n")
    .map((line) => JSON.parse(line));
}

/** All leaves of either, side by side. */
function compare(ours: unknown, theirs: unknown, path = ""): Leaf[] {
  const [mine, other] = [entriesOf(ours), entriesOf(theirs)];
  if (!mine || !other) return [{ path, ours, theirs }];
  return [...new Set([...mine.keys(), ...other.keys()])].flatMap((key) =>
    compare(mine.get(key), other.get(key), path ? `${path}.${key}` : key)
  );
}

function entriesOf(value: unknown): Map<string, unknown> | undefined {
  return isPlainMap(value) || Array.isArray(value)
    ? new Map(Object.entries(value))
    : undefined;
}

/** One line for all differences of a kind, whatever the behavior's name. */
function describe({ path, ours, theirs }: Leaf): string {
  const kind = path.replace(/^behaviors\.[^.]+/, "behaviors.*");
  return `${kind}: ours ${word(ours)}, theirs ${word(theirs)}`;
}

function word(value: unknown): string {
  return value === undefined ? "no such key" : JSON.stringify(value);
}

function explain({ path }: Leaf): string | undefined {
  return explained.find(([pattern]) => pattern.test(path))?.[1];
}
