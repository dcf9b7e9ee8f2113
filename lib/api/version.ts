import metadata from "../../deno.json" with { type: "json" };

/** The program's version, as `--version` prints it. */
export const version: string = metadata.version;

/** Name and version, for files that say who wrote them. */
export const programName = `deno-agents ${version}`;
