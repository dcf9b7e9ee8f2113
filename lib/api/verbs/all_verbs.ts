import { explainVerb } from "./explain_verb.ts";
import { inspectVerb } from "./inspect_verb.ts";
import { permissionsVerb } from "./permissions_verb.ts";
import { schemaVerb } from "./schema_verb.ts";
import { serveVerb } from "./serve_verb.ts";
import { upgradeVerb } from "./upgrade_verb.ts";

/** All verbs, in the order of the help. */
export const allVerbs = [
  explainVerb,
  inspectVerb,
  permissionsVerb,
  upgradeVerb,
  schemaVerb,
  serveVerb,
] as const;

/** What any of the verbs asks for. */
export type VerbCommand = ReturnType<typeof allVerbs[number]["read"]>;
