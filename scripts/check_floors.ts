/**
 * Reads the module graph and every source file, and fails with one line for
 * each import that goes up, each package out of its place, each file that has
 * grown too long:
 *
 *   deno task floors
 */
import { relative, resolve, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { findProblems, type Import, type SourceFile } from "./floors.ts";

/** The part of `deno info --json` that is used here. */
interface ModuleGraph {
  readonly modules: readonly {
    readonly specifier: string;
    readonly error?: string;
    readonly dependencies?: readonly Dependency[];
  }[];
}

interface Dependency {
  readonly specifier: string;
  readonly code?: Resolved;
  readonly type?: Resolved;
}

interface Resolved {
  readonly specifier?: string;
  readonly span: { readonly start: { readonly line: number } };
}

const root = fileURLToPath(new URL("..", import.meta.url));

/** A path of the project for files, the specifier itself for all else. */
function nameOf(specifier: string): string {
  if (!specifier.startsWith("file:")) return specifier;
  return relative(root, fileURLToPath(specifier)).split(sep).join("/");
}

/** The `.ts` files below a folder, by their paths in the project. */
function listSources(folder: string): string[] {
  const paths: string[] = [];
  for (const { name, isDirectory } of Deno.readDirSync(resolve(root, folder))) {
    if (isDirectory) paths.push(...listSources(`${folder}/${name}`));
    else if (name.endsWith(".ts")) paths.push(`${folder}/${name}`);
  }
  return paths.sort();
}

async function readGraph(entry: string): Promise<ModuleGraph> {
  const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["info", "--json", entry],
    cwd: root,
  }).output();
  if (!success) throw new Error(new TextDecoder().decode(stderr));
  return JSON.parse(new TextDecoder().decode(stdout));
}

function importOf({ specifier, code, type }: Dependency): Import {
  const resolved = code ?? type;
  return {
    target: nameOf(resolved?.specifier ?? specifier),
    line: (resolved?.span.start.line ?? 0) + 1,
  };
}

/** Imports of all `paths`, each graph read once for all files that it shows. */
async function readImports(
  paths: readonly string[],
): Promise<Map<string, Import[]>> {
  const imports = new Map<string, Import[]>();
  for (const path of paths) {
    if (imports.has(path)) continue;
    const { modules } = await readGraph(path);
    for (const { specifier, error, dependencies = [] } of modules) {
      if (error) throw new Error(error);
      imports.set(nameOf(specifier), dependencies.map(importOf));
    }
  }
  return imports;
}

const product = ["cli.ts", "mod.ts", ...listSources("lib")];
const around = ["examples", "scripts", "tests"].flatMap(listSources);
const imports = await readImports(product);
const files = [...product, ...around].map((path): SourceFile => ({
  path,
  text: Deno.readTextFileSync(resolve(root, path)),
  imports: product.includes(path) ? imports.get(path) ?? [] : [],
}));
const problems = findProblems(files);
for (const problem of problems) console.error(problem);
if (problems.length > 0) Deno.exit(1);
console.log(`${files.length} files keep to their floors.`);
