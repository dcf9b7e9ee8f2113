import { serveVerb } from "./serve_verb.ts";
import { upgradeVerb } from "./upgrade_verb.ts";

/** All verbs, in the order of the help. */
export const allVerbs = [serveVerb, upgradeVerb] as const;

/** What any of the verbs asks for. */
export type VerbCommand = ReturnType<typeof allVerbs[number]["read"]>;
