/** The YAML files of a folder and all in it, as sorted paths from there. */
export function yamlFiles(folder: URL): string[] {
  return [...Deno.readDirSync(folder)].flatMap(({ name, isDirectory }) => {
    if (!isDirectory) return name.endsWith(".yaml") ? [name] : [];
    return yamlFiles(new URL(`${name}/`, folder))
      .map((path) => `${name}/${path}`);
  }).sort();
}
