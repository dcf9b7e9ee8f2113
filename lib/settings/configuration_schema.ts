/** The user form of a configuration as a JSON Schema, for editors. */
import { z } from "zod";
import { isPlainMap, mapEntries } from "./plain_maps.ts";
import { runSettings } from "./run_settings.ts";

/**
 * The JSON Schema (draft 7, which every editor knows) of a configuration file:
 * keys, kinds of value, ranges, defaults and what each key means. Rules that
 * span several keys cannot be said in it; the reader checks them too.
 */
export function configurationSchema(): Readonly<Record<string, unknown>> {
  const { $schema, ...schema } = z.toJSONSchema(runSettings, {
    target: "draft-7",
    io: "input",
    override: ({ zodSchema, jsonSchema }) => {
      const { def } = zodSchema._zod;
      // What zod leaves out where a value is read before it is checked.
      if (def.type === "default") jsonSchema.default ??= def.defaultValue;
      if (def.type === "object") {
        const required = Object.keys(def.shape).filter((key) =>
          !z.safeParse(def.shape[key], undefined).success
        );
        if (required.length > 0) jsonSchema.required = required;
      }
    },
  });
  return {
    $schema,
    title: "Configuration of a training run",
    ...Object(tidy(schema)),
  };
}

/**
 * Turns what numbers say of themselves in `allowed` into a second sentence of
 * their description, and drops bounds that every JavaScript number has.
 */
function tidy(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(tidy);
  if (!isPlainMap(node)) return node;
  const { description, allowed, maximum, ...rest } = node;
  const sentences = [description, allowed && `Allowed: ${allowed}.`]
    .filter((sentence) => sentence);
  return mapEntries({
    ...sentences.length > 0 && { description: sentences.join(" ") },
    ...rest,
    ...maximum !== Number.MAX_SAFE_INTEGER && maximum !== undefined &&
      { maximum },
  }, tidy);
}
