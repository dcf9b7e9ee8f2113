/**
 * The floors of the project as data, and what breaks them: imports go down
 * only, and each package has its place.
 */

const ground = ["spec", "errors", "util", "events", "settings"];
const math = ["tensor", "nn", "onnx", "algo"];
const world = ["env", "data"];

/**
 * What each part of the project may import besides itself. A part is a folder
 * or file of `lib/` by its name, or one of the two files above it.
 */
const floors: Readonly<Record<string, readonly string[]>> = {
  // Ground: the words that all others share.
  spec: [],
  errors: [],
  util: ["errors"],
  events: ["spec", "util"],
  settings: ["spec", "errors", "util"],
  // Math pillar: algorithms are written without knowing ONNX, and ONNX
  // without knowing algorithms; Unity's model needs the words of networks.
  tensor: ground,
  nn: [...ground, "tensor"],
  onnx: [...ground, "tensor", "nn"],
  algo: [...ground, "tensor", "nn"],
  // World pillar.
  env: ground,
  data: [...ground, "env"],
  // Machine.
  runtime: ground,
  // Bridge: the only one that sees both pillars and the machine.
  train: [...ground, ...math, ...world, "runtime"],
  // Roof: consumers of events, and what wires everything.
  store: ground,
  ui: ground,
  api: [
    ...ground,
    ...math,
    ...world,
    "runtime",
    "train",
    "store",
    "ui",
    "deno.json",
  ],
  "mod.ts": [...ground, ...math, ...world, "train", "store", "ui", "api"],
  "cli.ts": ["api"],
};

/** Where each npm package may be imported: folders of `lib/`. */
const packages: Readonly<Record<string, readonly string[]>> = {
  "@grpc/grpc-js": ["env/unity"],
  "commander": ["api"],
  "fast-png": ["env/player"],
  "onnxruntime-common": ["runtime"],
  "onnxruntime-node": ["runtime"],
  "protobufjs": ["env/unity", "onnx", "store"],
  "yaml": ["settings"],
  "zod": ["api", "settings", "store"],
};

/** What must not stand in `lib/`; `except` names the parts that may. */
const forbiddenTexts: readonly {
  pattern: RegExp;
  reason: string;
  except?: string;
}[] = [
  { pattern: /\b(TODO|FIXME|XXX)\b/, reason: "unfinished work" },
  {
    pattern: /\bconsole\.(log|error|warn|info|debug)\(/,
    reason: "only cli.ts and lib/ui print",
    except: "ui",
  },
  {
    pattern: /\bMath\.random\(/,
    reason: "randomness comes from lib/util/random.ts",
  },
];

const longestFile = 400;

/** One import as it stands in a file. */
export interface Import {
  /** A path of the project, or `npm:name@version/...`, `node:name`, a URL. */
  readonly target: string;
  readonly line: number;
}

/** One file of the project; paths have forward slashes. */
export interface SourceFile {
  readonly path: string;
  readonly text: string;
  /** Empty for files outside of `lib/`, which may import what they like. */
  readonly imports: readonly Import[];
}

/** One line for everything that breaks a rule, in the order of the files. */
export function findProblems(files: readonly SourceFile[]): string[] {
  return files.flatMap((file) => [
    ...findLongFile(file),
    ...findForbiddenTexts(file),
    ...file.imports.flatMap(({ target, line }) => {
      const fault = faultOfImport(file.path, target);
      return fault ? [`${file.path}:${line}: ${fault}`] : [];
    }),
  ]);
}

function findLongFile({ path, text }: SourceFile): string[] {
  const lines = text.split("\n").length - 1;
  if (lines <= longestFile) return [];
  return [`${path}: ${lines} lines are more than ${longestFile}`];
}

function findForbiddenTexts({ path, text }: SourceFile): string[] {
  if (!path.startsWith("lib/")) return [];
  return text.split("\n").flatMap((line, index) =>
    forbiddenTexts.flatMap(({ pattern, reason, except }) => {
      const found = pattern.exec(line);
      if (!found || partOf(path) === except) return [];
      return [`${path}:${index + 1}: "${found[0]}" is not allowed: ${reason}`];
    })
  );
}

/** What is wrong with an import; undefined = nothing. */
function faultOfImport(path: string, target: string): string | undefined {
  if (target.startsWith("node:")) return;
  if (target.startsWith("npm:")) return faultOfPackage(path, target);
  if (target.includes(":")) return `${target} is not an npm package`;
  const from = partOf(path);
  const to = partOf(target);
  const allowed = floors[from];
  if (!allowed) return `"${from}" stands on no floor: add it to the floors`;
  if (from === to || allowed.includes(to)) return;
  const list = allowed.join(", ") || "nothing";
  return `${from} may not import ${target}, only ${list}`;
}

function faultOfPackage(path: string, target: string): string | undefined {
  const name = /^npm:\/?((?:@[^/]+\/)?[^@/]+)/.exec(target)?.[1] ?? target;
  const places = packages[name];
  if (!places) return `the package ${name} has no place: add it to the floors`;
  if (places.some((place) => path.startsWith(`lib/${place}/`))) return;
  const list = places.map((place) => `lib/${place}`).join(", ");
  return `the package ${name} belongs to ${list}`;
}

/**
 * `env` for `lib/env/unity/player.ts`, `spec` for `lib/spec.ts`, `tests` for
 * what lies in `tests/`, and the name itself for files above all folders.
 */
function partOf(path: string): string {
  const [first, second] = path.split("/");
  return first === "lib" ? second.replace(/\.ts$/, "") : first;
}
